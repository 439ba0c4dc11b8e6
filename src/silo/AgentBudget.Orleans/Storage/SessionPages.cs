namespace AgentBudget.Orleans.Storage;

/// <summary>Lists of sessions out of a store, in pages.</summary>
public static class SessionPages
{
    // A page of ended sessions among many open ones reads so many at most; the next one goes on behind them.
    private const int MostRead = 10_000;

    /// <summary>One page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The query is out of its range.</exception>
    public static async Task<SessionsPage> ReadPageAsync(this ILedgerStore store, SessionsQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        var found = new List<SessionSummary>();
        var after = query.After;
        for (var read = 0; read < MostRead; )
        {
            // One more than is wanted says whether there are others behind.
            var count = query.State == SessionFilter.All ? query.Count + 1 : SessionsQuery.MaxCount;
            count = Math.Min(count, SessionsQuery.MaxCount);
            var heads = await store.ListAsync(new SessionListing(after, query.Tenant, count), cancellationToken);
            read += heads.Count;
            foreach (var head in heads)
            {
                if (head.IsOpened && IsOf(query.State, head) && found.Count == query.Count)
                    return new SessionsPage { Sessions = found, Next = after };
                after = head.SessionId;
                if (head.IsOpened && IsOf(query.State, head))
                    found.Add(SessionSummary.Of(head));
            }

            if (heads.Count < count)
                return new SessionsPage { Sessions = found };
        }

        return new SessionsPage { Sessions = found, Next = after };
    }

    /// <summary>One session that was opened; null for none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="sessionId">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SessionSummary?> FindSessionAsync(
        this ILedgerStore store,
        string sessionId,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        SessionIds.Validate(sessionId);
        return await store.LoadAsync(sessionId, cancellationToken) is { Head.IsOpened: true } stored
            ? SessionSummary.Of(stored.Head, stored.OpenReservations.Count)
            : null;
    }

    private static bool IsOf(SessionFilter state, SessionHead head) =>
        state switch
        {
            SessionFilter.Open => head.End == EndReason.None,
            SessionFilter.Ended => head.End != EndReason.None,
            _ => true,
        };
}
