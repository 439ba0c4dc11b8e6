using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Endpoints;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>Writes down what has come of an endpoint's attempts: posts that wait at once, for the feed goes on behind them, and the rest
/// once a second.</summary>
internal sealed class EndpointWriting(WebhookServices services, AttemptLog attempts)
{
    private const int RowsAtOnce = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long savedAt;

    /// <summary>Takes up what was written down as waiting.</summary>
    public async Task TakeUpAsync(string endpoint, DeliveryPlan plan, CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < services.Store.Partitions; partition++)
        {
            string? after = null;
            IReadOnlyList<DeliveryRow> rows;
            do
            {
                rows = await services.Store.Deliveries.ReadAsync(
                    partition,
                    EndpointRows.WaitingList(endpoint),
                    after,
                    RowsAtOnce,
                    cancellationToken
                );
                foreach (var row in rows)
                    plan.TakeUp(EndpointRows.WaitingOf(partition, row));
                after = rows.Count == 0 ? after : rows[^1].Name;
            } while (rows.Count == RowsAtOnce);
        }
    }

    /// <summary>An attempt has ended.</summary>
    public void Add(EndedAttempt attempt, int number, bool isGivenUp) =>
        attempts.Add(StoredAttempt.Of(attempt.Post.Post, attempt.At, number, attempt.Outcome!, isGivenUp));

    /// <summary>Writes down what there is, if it is time to.</summary>
    public async Task SaveAsync(DeliveryPlan plan, EndpointHealth health, bool isEnd, CancellationToken cancellationToken)
    {
        var changes = plan.TakeChanges();
        var isDue = isEnd || services.Clock.Time.GetElapsedTime(savedAt) >= Interval;
        if (!isDue && changes.IsEmpty && health.Endpoint.State == WebhookState.Active)
            return;
        savedAt = services.Clock.Time.GetTimestamp();
        var isChanged = health.IsChanged;
        try
        {
            // What changes while this is on its way is another change.
            health.Saved();
            var endpoint = isChanged ? await ChangedAsync(health.Endpoint, cancellationToken) : null;
            for (var partition = 0; partition < services.Store.Partitions; partition++)
                await SaveAsync(partition, changes, endpoint, health.Endpoint.Id, cancellationToken);
            DeliveryPlan.Saved(changes);
        }
        catch
        {
            plan.GiveBack(changes);
            if (isChanged)
                health.NotSaved();
            throw;
        }
    }

    // Only what attempts say of it: whoever took the endpoint over meanwhile may have set it, or let it go.
    private async Task<StoredEndpoint?> ChangedAsync(StoredEndpoint found, CancellationToken cancellationToken)
    {
        if (await EndpointRows.FindAsync(services.Store, found.Id, cancellationToken) is not { } stored || stored.SetAt != found.SetAt)
            return null;
        var isDisabled = found.State == WebhookState.Disabled && stored.State == WebhookState.Active;
        return stored with
        {
            FailingSince = found.FailingSince,
            QuietUntil = found.QuietUntil,
            State = isDisabled ? WebhookState.Disabled : stored.State,
            Reason = isDisabled ? found.Reason : stored.Reason,
        };
    }

    private async Task SaveAsync(
        int partition,
        PlanChanges changes,
        StoredEndpoint? endpoint,
        string id,
        CancellationToken cancellationToken
    )
    {
        var put = changes.Kept.Where(post => post.Partition == partition).Select(post => EndpointRows.RowOf(id, post)).ToList();
        var gone = changes
            .Forgotten.Where(post => post.Partition == partition)
            .Select(post => new DeliveryKey(EndpointRows.WaitingList(id), post.Post.Id))
            .ToList();
        IReadOnlyList<StoredAttempt> unsaved = [];
        if (partition == 0)
        {
            unsaved = attempts.Unsaved();
            put.AddRange(unsaved.Select(attempt => EndpointRows.RowOf(id, attempt)));
            if (endpoint is not null)
                put.Add(EndpointRows.RowOf(endpoint));
        }

        if (put.Count + gone.Count > 0)
            await services.Store.Deliveries.WriteAsync(partition, put, gone, cancellationToken);
        attempts.Saved(unsaved);
    }
}
