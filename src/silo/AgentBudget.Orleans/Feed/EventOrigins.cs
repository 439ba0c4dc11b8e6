using System.Collections.Concurrent;
using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Feed;

/// <summary>What events say of their ledgers: it stands in a ledger's first entry, and never changes while the ledger lives. Bounded, and
/// forgotten soon: an id that was purged may be opened anew.</summary>
internal sealed class EventOrigins(ILedgerStore store, LedgerClock clock)
{
    private const int MaxKnown = 16_384;

    // Far less than a session is kept once it has ended.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (EventOrigin Origin, long At)> known = new(StringComparer.Ordinal);

    /// <summary>The origin of a ledger's events; null when the ledger is no more.</summary>
    /// <param name="ledgerId">The ledger.</param>
    /// <param name="entry">One of its entries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<EventOrigin?> OfAsync(string ledgerId, Entry entry, CancellationToken cancellationToken)
    {
        // A tenant's says nothing that its id does not.
        if (entry.Kind == EntryKind.Opened || TenantLedgers.IsId(ledgerId))
            return Remember(ledgerId, EventOrigin.Of(ledgerId, entry));
        if (known.TryGetValue(ledgerId, out var one) && clock.Time.GetElapsedTime(one.At) < Remembered)
            return one.Origin;
        var first = await store.ReadAsync(ledgerId, 1, 1, cancellationToken);
        return first is [{ Kind: EntryKind.Opened } opened] ? Remember(ledgerId, EventOrigin.Of(ledgerId, opened)) : null;
    }

    private EventOrigin Remember(string ledgerId, EventOrigin origin)
    {
        // All at once is rare and cheap; what is in use is soon there again.
        if (known.Count >= MaxKnown)
            known.Clear();
        known[ledgerId] = (origin, clock.Time.GetTimestamp());
        return origin;
    }
}
