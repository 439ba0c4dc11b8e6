using System.Collections.Concurrent;
using AgentBudget.Ledger.Tenants;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>Which streams a queue carries, and which of them the events of a ledger belong to.</summary>
/// <param name="mapper">Says which queue carries a stream.</param>
/// <param name="queue">The queue.</param>
/// <param name="defaultTenant">The tenant of sessions whose ids name none.</param>
internal sealed class StreamsOfQueue(IStreamQueueMapper mapper, QueueId queue, TenantPath? defaultTenant)
{
    private const int MaxKnown = 4_096;

    private readonly ConcurrentDictionary<string, (StreamId? Events, StreamId? Billing)> known = new(StringComparer.Ordinal);

    /// <summary>Whether anything of a ledger is in the queue: told by its id alone, so that nothing of others is read.</summary>
    public bool IsMine(string ledgerId) => Of(TenantOf(ledgerId)) is not (null, null);

    /// <summary>The streams of this queue that an event belongs to.</summary>
    public (StreamId? Events, StreamId? Billing) Of(BudgetEvent of) => Of(TenantOf(of.Origin.Ledger));

    private TenantPath? TenantOf(string ledgerId) =>
        TenantLedgers.IsId(ledgerId) ? TenantLedgers.PathOf(ledgerId) : SessionIds.TenantOf(ledgerId) ?? defaultTenant;

    private (StreamId? Events, StreamId? Billing) Of(TenantPath? tenant)
    {
        var key = BudgetStreams.KeyOf(tenant);
        if (known.TryGetValue(key, out var streams))
            return streams;
        if (known.Count >= MaxKnown)
            known.Clear();
        return known[key] = (Mine(BudgetStreams.Events, key), Mine(BudgetStreams.Billing, key));
    }

    private StreamId? Mine(string streamNamespace, string key) =>
        StreamId.Create(streamNamespace, key) is var stream && mapper.GetQueueForStream(stream).Equals(queue) ? stream : null;
}
