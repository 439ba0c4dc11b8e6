using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Endpoints;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>The feed as one endpoint reads it: what it asked for of its own tenant and of those below, and how far it has come.</summary>
internal sealed class FeedOfEndpoint(WebhookServices services, StoredEndpoint endpoint)
{
    private const int EventsOfPage = 256;

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private readonly EventFilter filter = endpoint.Filter;
    private readonly string name = EndpointRows.ConsumerOf(endpoint.Id);
    private readonly ConsumerPlace place = new(services.Store, services.Clock, EndpointRows.ConsumerOf(endpoint.Id), SaveInterval);
    private EventCursor[] cursors = [];
    private int next;

    /// <summary>Takes the endpoint over from whoever had it.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken) =>
        cursors = await place.TakeAsync(known => known.FirstOrDefault(row => row.Name == name), cancellationToken);

    /// <summary>Reads on, in one partition after the other.</summary>
    /// <returns>Whether more is there at once.</returns>
    public async Task<bool> ReadAsync(DeliveryPlan plan, CancellationToken cancellationToken)
    {
        var hasMore = false;
        for (var i = 0; i < cursors.Length && plan.WantsMore; i++)
        {
            hasMore |= await ReadAsync(next, plan, cancellationToken);
            next = (next + 1) % cursors.Length;
        }

        return hasMore;
    }

    /// <summary>Says how far the plan has come.</summary>
    public Task SaveAsync(DeliveryPlan plan, bool isEnd, CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < cursors.Length; partition++)
        {
            if (plan.TakeDone(partition) is { } through)
                place.Delivered(through);
        }

        return place.SaveAsync(isEnd, cancellationToken);
    }

    private async Task<bool> ReadAsync(int partition, DeliveryPlan plan, CancellationToken cancellationToken)
    {
        var from = cursors[partition];
        var page = await services.Reader.ReadAsync(from, EventsOfPage, MayBeMine, filter.Has, cancellationToken);
        if (page.State != EventCursorState.Good)
        {
            WebhooksLog.CursorLost(services.Log, endpoint.Id, page.State, from.ToString(), page.Next.ToString());
            services.Metrics.LostPlace();
        }

        cursors[partition] = page.Next;
        if (page.Through > 0 || page.State != EventCursorState.Good)
            plan.Add(partition, page.Next, page.Events.Select(EventPosts.Of));
        return page.HasMore || page.State != EventCursorState.Good;
    }

    // Most of a feed is of others. Of an id that names no tenant only the session's options say who pays.
    private bool MayBeMine(FeedRange range)
    {
        if ((range.Kinds & filter.Kinds) == 0)
            return false;
        var tenant = TenantLedgers.IsId(range.LedgerId) ? TenantLedgers.PathOf(range.LedgerId) : SessionIds.TenantOf(range.LedgerId);
        return filter.Tenant is not { } mine || tenant is null || tenant.IsWithin(mine);
    }
}
