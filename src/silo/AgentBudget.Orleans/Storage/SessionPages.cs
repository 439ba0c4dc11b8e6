namespace AgentBudget.Orleans.Storage;

/// <summary>Lists of sessions out of a store, in pages.</summary>
public static class SessionPages
{
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
        // One more than is wanted says whether there are others behind.
        var listing = new SessionListing(
            query.After,
            query.Tenant,
            Math.Min(query.Count + 1, SessionsQuery.MaxCount),
            query.Status,
            query.DearestFirst,
            query.HidesClosed
        );
        var heads = await store.ListAsync(listing, cancellationToken);
        var page = heads.Take(query.Count).Select(head => SessionSummary.Of(head)).ToArray();
        var mayBeMore = !query.DearestFirst && (heads.Count > query.Count || heads.Count == SessionsQuery.MaxCount);
        return new SessionsPage { Sessions = page, Next = mayBeMore ? page[^1].SessionId : null };
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
}
