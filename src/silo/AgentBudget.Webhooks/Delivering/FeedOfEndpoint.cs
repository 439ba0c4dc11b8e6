using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Endpoints;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>The feed as one endpoint reads it: what it asked for of its own tenant and of those below, and how far it has come.</summary>
/// <remarks>A partition that is away rests by itself, and is taken over when it is back; the others go on.</remarks>
internal sealed class FeedOfEndpoint(WebhookServices services, StoredEndpoint endpoint, PartitionRests rests)
{
    private const int EventsOfPage = 256;

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private readonly EventFilter filter = endpoint.Filter;
    private readonly string name = EndpointRows.ConsumerOf(endpoint.Id);
    private readonly ConsumerPlace place = new(services.Store, services.Clock, EndpointRows.ConsumerOf(endpoint.Id), SaveInterval);
    private readonly EventCursor?[] cursors = new EventCursor?[services.Store.Partitions];
    private int next;

    /// <summary>Whether somebody else has taken the endpoint over since this one did: then this one is at its end.</summary>
    public bool IsTakenOver { get; private set; }

    /// <summary>Takes the endpoint over from whoever had it, with what waits, in those partitions that are there.</summary>
    public async Task TakeAsync(DeliveryPlan plan, CancellationToken cancellationToken)
    {
        var known = new List<FeedConsumerRow>();
        for (var partition = 0; partition < cursors.Length; partition++)
            await TryAsync(partition, async at => known.AddRange(await ConsumersAsync(at, cancellationToken)), cancellationToken);
        place.Begin(known);
        for (var partition = 0; partition < cursors.Length; partition++)
            await TryAsync(partition, at => TakeAsync(at, plan, cancellationToken), cancellationToken);
    }

    /// <summary>Reads on, in one partition after the other.</summary>
    /// <returns>Whether more is there at once.</returns>
    public async Task<bool> ReadAsync(DeliveryPlan plan, CancellationToken cancellationToken)
    {
        var hasMore = false;
        for (var i = 0; i < cursors.Length && plan.WantsMore; i++)
        {
            var partition = next;
            next = (next + 1) % cursors.Length;
            await TryAsync(partition, async at => hasMore |= await ReadAsync(at, plan, cancellationToken), cancellationToken);
        }

        return hasMore;
    }

    /// <summary>Says how far the plan has come.</summary>
    public async Task SaveAsync(DeliveryPlan plan, bool isEnd, CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < cursors.Length; partition++)
        {
            if (plan.TakeDone(partition) is { } through)
                place.Delivered(through);
        }

        if (!isEnd && !place.TakeDue())
            return;
        for (var partition = 0; partition < cursors.Length; partition++)
            await TryAsync(partition, at => place.SaveChangedAsync(at, cancellationToken), cancellationToken, isEnd);
    }

    private async Task TryAsync(int partition, Func<int, Task> act, CancellationToken cancellationToken, bool isEnd = false)
    {
        if (!isEnd && rests.IsResting(partition, services.Clock.Time.GetUtcNow()))
            return;
        try
        {
            await act(partition);
            rests.Passed(partition);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            WebhooksLog.StepFailed(services.Log, exception, endpoint.Id);
            rests.Failed(partition, services.Clock.Time.GetUtcNow());
        }
    }

    private async Task<EventCursor> TakeAsync(int partition, DeliveryPlan plan, CancellationToken cancellationToken)
    {
        var stored = (await ConsumersAsync(partition, cancellationToken)).FirstOrDefault();
        IsTakenOver |= stored?.Epoch > place.Epoch;
        var waiting = await EndpointFeed.WaitingAsync(services, partition, endpoint.Id, cancellationToken);
        var cursor = await place.TakeAsync(partition, stored, cancellationToken);
        foreach (var row in waiting)
            plan.TakeUp(EndpointRows.WaitingOf(partition, row));
        cursors[partition] = cursor;
        return cursor;
    }

    private async Task<IEnumerable<FeedConsumerRow>> ConsumersAsync(int partition, CancellationToken cancellationToken) =>
        (await services.Store.Feed.ReadConsumersAsync(partition, cancellationToken)).Where(row => row.Name == name);

    private async Task<bool> ReadAsync(int partition, DeliveryPlan plan, CancellationToken cancellationToken)
    {
        var from = cursors[partition] ?? await TakeAsync(partition, plan, cancellationToken);
        var page = await services.Reader.ReadAsync(from, EventsOfPage, filter.Kinds, MayBeMine, filter.Has, cancellationToken);
        // Before the cursor moves: what fails here is read again.
        Post[] posts = [.. page.Events.Select(EventPosts.Of)];
        if (page.State != EventCursorState.Good)
        {
            WebhooksLog.CursorLost(services.Log, endpoint.Id, page.State, from.ToString(), page.Next.ToString());
            services.Metrics.LostPlace();
        }

        cursors[partition] = page.Next;
        if (page.Through > 0 || page.State != EventCursorState.Good)
            plan.Add(partition, page.Next, posts);
        return page.HasMore || page.State != EventCursorState.Good;
    }

    // Most of a feed is of others. Of an id that names no tenant only the session's options say who pays.
    private bool MayBeMine(FeedRange range)
    {
        var tenant = TenantLedgers.IsId(range.LedgerId) ? TenantLedgers.PathOf(range.LedgerId) : SessionIds.TenantOf(range.LedgerId);
        return filter.Tenant is not { } mine || tenant is null || tenant.IsWithin(mine);
    }
}
