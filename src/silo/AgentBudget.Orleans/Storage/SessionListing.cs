namespace AgentBudget;

/// <summary>Which sessions to list.</summary>
/// <param name="AfterSessionId">Sessions after this id; null from the start.</param>
/// <param name="Tenant">Only sessions of this tenant or of one below it; null for all.</param>
/// <param name="Count">How many: 1 to 1,000.</param>
/// <param name="Status">Only sessions of this status; null for all.</param>
/// <param name="DearestFirst">Whether those come first that have spent most, and of those that have spent the same the first by id;
/// otherwise they come in the order of their ids. A list of the dearest has one page.</param>
/// <param name="HidesClosed">Whether those that have ended are left out.</param>
public sealed record SessionListing(
    string? AfterSessionId = null,
    TenantPath? Tenant = null,
    int Count = 100,
    SessionStatus? Status = null,
    bool DearestFirst = false,
    bool HidesClosed = false
)
{
    /// <summary>Whether a session is to be listed, whatever comes before it.</summary>
    /// <param name="head">Its head.</param>
    public bool Has(SessionHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return Orleans.Storage.LedgerIds.IsOfASession(head.SessionId)
            && (AfterSessionId is null || string.CompareOrdinal(head.SessionId, AfterSessionId) > 0)
            && (Tenant is null || head.Options?.Tenant?.IsWithin(Tenant) == true)
            && (Status is null || head.Status == Status)
            && (!HidesClosed || head.Status != SessionStatus.Closed);
    }

    /// <summary>The page, of all sessions that are to be listed.</summary>
    /// <param name="heads">Their heads.</param>
    public IReadOnlyList<SessionHead> PageOf(IEnumerable<SessionHead> heads)
    {
        var byId = DearestFirst
            ? heads.OrderByDescending(head => head.Spent).ThenBy(head => head.SessionId, StringComparer.Ordinal)
            : heads.OrderBy(head => head.SessionId, StringComparer.Ordinal);
        return [.. byId.Take(Count)];
    }
}
