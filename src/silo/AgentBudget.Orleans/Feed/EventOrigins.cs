using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Feed;

/// <summary>What events say of their ledgers: never changes while a ledger lives, so it is read once. Bounded.</summary>
internal sealed class EventOrigins(ILedgerStore store)
{
    private const int MaxKnown = 16_384;

    private readonly ConcurrentDictionary<string, EventOrigin> known = new(StringComparer.Ordinal);

    /// <summary>The origin of a ledger's events; null when the ledger is no more.</summary>
    /// <param name="ledgerId">The ledger.</param>
    /// <param name="entry">One of its entries: the first one of a life is not of the life that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<EventOrigin?> OfAsync(string ledgerId, Entry entry, CancellationToken cancellationToken)
    {
        if (entry.Sequence > 1 && known.TryGetValue(ledgerId, out var origin))
            return origin;
        if (await store.LoadHeadAsync(ledgerId, cancellationToken) is not { } head)
            return null;
        // All at once is rare and cheap; what is in use is soon there again.
        if (known.Count >= MaxKnown)
            known.Clear();
        return known[ledgerId] = EventOrigin.Of(head);
    }
}
