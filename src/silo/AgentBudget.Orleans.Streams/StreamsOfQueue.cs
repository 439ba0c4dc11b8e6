using System.Collections.Concurrent;
using AgentBudget.Ledger.Tenants;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>Which streams a queue carries, and which of them an event belongs to: those of the tenant that pays.</summary>
/// <param name="mapper">Says which queue carries a stream.</param>
/// <param name="queue">The queue.</param>
internal sealed class StreamsOfQueue(IStreamQueueMapper mapper, QueueId queue)
{
    private const int MaxKnown = 4_096;

    private readonly ConcurrentDictionary<string, (StreamId? Events, StreamId? Billing)> known = new(StringComparer.Ordinal);

    /// <summary>Whether events of a ledger can be in a stream.</summary>
    public static bool MayBeOf(StreamId stream, string ledgerId) =>
        TenantOf(ledgerId) is not { } tenant || BudgetStreams.KeyOf(tenant) == stream.GetKeyAsString();

    /// <summary>
    /// Whether events of a ledger can be in the queue: told by its id, so that most of what is of others is not read. Of an id that names
    /// no
    /// tenant only the session's options say who pays.
    /// </summary>
    public bool MayBeMine(string ledgerId) => TenantOf(ledgerId) is not { } tenant || Of(tenant) is not (null, null);

    /// <summary>The streams of this queue that an event belongs to.</summary>
    public (StreamId? Events, StreamId? Billing) Of(BudgetEvent of) => Of(of.Origin.Tenant);

    private static TenantPath? TenantOf(string ledgerId) =>
        TenantLedgers.IsId(ledgerId) ? TenantLedgers.PathOf(ledgerId) : SessionIds.TenantOf(ledgerId);

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
