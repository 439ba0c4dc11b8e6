using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Endpoints;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>Writes down what has come of an endpoint's attempts: posts that wait at once, for the feed goes on behind them, and the rest
/// once a second.</summary>
internal sealed class EndpointWriting(WebhookServices services, AttemptLog attempts, PartitionRests rests)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long savedAt;

    /// <summary>An attempt has ended.</summary>
    public void Add(EndedAttempt attempt, int number, bool isGivenUp) =>
        attempts.Add(StoredAttempt.Of(attempt.Post.Post, attempt.At, number, attempt.Outcome!, isGivenUp));

    /// <summary>Writes down what there is, if it is time to: of a partition that is away later.</summary>
    public async Task SaveAsync(DeliveryPlan plan, EndpointHealth health, bool isEnd, CancellationToken cancellationToken)
    {
        var changes = plan.TakeChanges();
        var isDue = isEnd || services.Clock.Time.GetElapsedTime(savedAt) >= Interval;
        if (!isDue && changes.IsEmpty && health.Endpoint.State == WebhookState.Active)
            return;
        savedAt = services.Clock.Time.GetTimestamp();
        for (var partition = 0; partition < services.Store.Partitions; partition++)
        {
            var mine = changes.Of(partition);
            if (await TrySaveAsync(partition, mine, health, isEnd, cancellationToken))
                DeliveryPlan.Saved(mine);
            else
                plan.GiveBack(mine);
        }
    }

    private async Task<bool> TrySaveAsync(
        int partition,
        PlanChanges changes,
        EndpointHealth health,
        bool isEnd,
        CancellationToken cancellationToken
    )
    {
        if (!isEnd && rests.IsResting(partition, services.Clock.Time.GetUtcNow()))
            return false;
        var isChanged = partition == 0 && health.IsChanged;
        try
        {
            // What changes while this is on its way is another change.
            if (isChanged)
                health.Saved();
            var changed = isChanged ? await ChangedAsync(health.Endpoint, cancellationToken) : [];
            await SaveAsync(partition, changes, changed, health.Endpoint.Id, cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            WebhooksLog.StepFailed(services.Log, exception, health.Endpoint.Id);
            rests.Failed(partition, services.Clock.Time.GetUtcNow());
            if (isChanged)
                health.NotSaved();
            return false;
        }
    }

    // Only what attempts say of it: whoever took the endpoint over meanwhile may have set it, or let it go. With it goes who is told.
    private async Task<List<DeliveryRow>> ChangedAsync(StoredEndpoint found, CancellationToken cancellationToken)
    {
        var all = await EndpointRows.ReadAllAsync(services.Store, cancellationToken);
        if (all.FirstOrDefault(one => one.Id == found.Id) is not { } stored || stored.SetAt != found.SetAt)
            return [];
        var isDisabled = found.State == WebhookState.Disabled && stored.State == WebhookState.Active;
        var changed = stored with
        {
            FailingSince = found.FailingSince,
            QuietUntil = found.QuietUntil,
            FullSince = found.FullSince,
            State = isDisabled ? WebhookState.Disabled : stored.State,
            Reason = isDisabled ? found.Reason : stored.Reason,
        };
        var rows = new List<DeliveryRow> { EndpointRows.RowOf(changed) };
        if (isDisabled)
            rows.AddRange(DisabledNotice.RowsOf(changed, all, services.Clock.Time.GetUtcNow()));
        return rows;
    }

    private async Task SaveAsync(
        int partition,
        PlanChanges changes,
        IReadOnlyList<DeliveryRow> changed,
        string id,
        CancellationToken cancellationToken
    )
    {
        var put = changes.Kept.Select(post => EndpointRows.RowOf(id, post)).ToList();
        var gone = changes.Forgotten.Select(post => new DeliveryKey(EndpointRows.WaitingList(id), post.Post.Id)).ToList();
        IReadOnlyList<StoredAttempt> unsaved = [];
        if (partition == 0)
        {
            unsaved = attempts.Unsaved();
            put.AddRange(unsaved.Select(attempt => EndpointRows.RowOf(id, attempt)));
            put.AddRange(changed);
        }

        if (put.Count + gone.Count > 0)
            await services.Store.Deliveries.WriteAsync(partition, put, gone, cancellationToken);
        attempts.Saved(unsaved);
    }
}
