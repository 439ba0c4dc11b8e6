using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// Brings a session into memory: head, open reservations, and as many of the last entries as the sense of loops and the recent keys
/// need. However long the timeline is, no more than <see cref="MaxEntries"/> of it are read.
/// </summary>
internal sealed class SessionLoader(ILedgerStore store, SessionOptionsPool pool)
{
    /// <summary>The most entries that an activation reads.</summary>
    public const int MaxEntries = Bounds.LoopEntries;

    private const int PageSize = 64;

    /// <summary>The session, or one that was never opened.</summary>
    public async Task<LoadedSession> LoadAsync(string sessionId, int recentKeys, CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(sessionId, cancellationToken);
        var keys = new RecentKeys(recentKeys);
        if (stored is null)
            return new LoadedSession(SessionLedger.New(sessionId), keys, DateTimeOffset.MaxValue);
        var recent = await ReadRecentAsync(stored.Head, recentKeys, cancellationToken);
        foreach (var entry in recent)
        {
            if (entry.Key is not null)
                keys.Add(entry.KeyHash, entry.Sequence, durableSequence: entry.Sequence);
        }

        var head = stored.Head.Options is { } options ? stored.Head with { Options = pool.Share(options) } : stored.Head;
        return new LoadedSession(SessionLedger.Restore(head, stored.OpenReservations, stored.OpenHolders, recent), keys, stored.DueAt);
    }

    private async Task<List<Entry>> ReadRecentAsync(SessionHead head, int recentKeys, CancellationToken cancellationToken)
    {
        var since = SessionLedger.LoopEntriesSince(head);
        var pages = new List<IReadOnlyList<Entry>>();
        var read = 0;
        for (var end = head.Sequence; end > 0 && read < MaxEntries; )
        {
            var start = Math.Max(1, end - PageSize + 1);
            var page = await store.ReadAsync(head.SessionId, start, (int)(end - start + 1), cancellationToken);
            pages.Add(page);
            read += page.Count;
            if (page.Count == 0 || (page[0].At <= since && read >= recentKeys))
                break;
            end = start - 1;
        }

        pages.Reverse();
        return [.. pages.SelectMany(page => page)];
    }
}

/// <summary>A session in memory.</summary>
/// <param name="Ledger">Its ledger.</param>
/// <param name="Keys">Its recent keys.</param>
/// <param name="DueAt">The due time stored with it.</param>
internal sealed record LoadedSession(SessionLedger Ledger, RecentKeys Keys, DateTimeOffset DueAt);
