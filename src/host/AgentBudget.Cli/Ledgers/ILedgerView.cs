using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Ledgers;

/// <summary>A ledger that is looked at, wherever it is.</summary>
internal interface ILedgerView : IAsyncDisposable
{
    /// <summary>Which one.</summary>
    LedgerAddress Address { get; }

    /// <summary>One page of its sessions.</summary>
    Task<SessionsPage> ListAsync(SessionsQuery query, CancellationToken cancellationToken);

    /// <summary>A session that was opened; null for none.</summary>
    Task<SessionSummary?> FindOrNullAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>The report of a session, with a page of its timeline; null for none.</summary>
    Task<SessionReport?> ReportOrNullAsync(string sessionId, long fromSequence, int events, CancellationToken cancellationToken);

    /// <summary>One entry of a session; null where there is none.</summary>
    Task<Entry?> EntryAsync(string sessionId, long sequence, CancellationToken cancellationToken);

    /// <summary>Where a tenant stands; null for one that was never set and has had no session.</summary>
    Task<TenantReport?> TenantAsync(TenantPath path, CancellationToken cancellationToken);

    /// <summary>What it spent in the day that runs, or in the one before; null as for the report.</summary>
    Task<TenantSpend?> SpendAsync(TenantPath path, TenantSpendQuery query, CancellationToken cancellationToken);

    /// <summary>What it did, and does.</summary>
    EventFeed Events { get; }

    /// <summary>What was done to a tenant, newest first.</summary>
    Task<IReadOnlyList<Entry>> HistoryAsync(TenantPath path, int count, CancellationToken cancellationToken);
}

/// <summary>What commands ask of a ledger.</summary>
internal static class LedgerViews
{
    /// <summary>A session that was opened.</summary>
    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public static async Task<SessionSummary> FindAsync(this ILedgerView view, string sessionId, CancellationToken cancellationToken) =>
        (IsId(sessionId) ? await view.FindOrNullAsync(sessionId, cancellationToken) : null) ?? throw NoSession(view, sessionId);

    /// <summary>The report of one.</summary>
    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public static async Task<SessionReport> ReportAsync(
        this ILedgerView view,
        string sessionId,
        long fromSequence,
        int events,
        CancellationToken cancellationToken
    ) =>
        (IsId(sessionId) ? await view.ReportOrNullAsync(sessionId, fromSequence, events, cancellationToken) : null)
        ?? throw NoSession(view, sessionId);

    /// <summary>A tenant that is there.</summary>
    /// <exception cref="CommandFailedException">It was never set, and has had no session.</exception>
    public static async Task<TenantReport> FindTenantAsync(this ILedgerView view, TenantPath path, CancellationToken cancellationToken) =>
        await view.TenantAsync(path, cancellationToken) ?? throw NoTenant(view, path);

    /// <summary>A tenant that is not there is an error, with the mend and what else may be meant.</summary>
    public static CommandFailedException NoTenant(ILedgerView view, TenantPath path, string orElse = "") =>
        new(
            $"The tenant {path} was never set in {view.Address}, and has had no session; set it with "
                + $"\"agentbudget tenant set {path} {view.Address.Option}\", or check the path.{orElse}"
        );

    private static CommandFailedException NoSession(ILedgerView view, string sessionId) =>
        new(
            $"There is no session \"{sessionId}\" in {view.Address}; "
                + $"\"agentbudget sessions list {view.Address.Option}\" shows those there are."
        );

    // What no session can be called, none is called.
    private static bool IsId(string sessionId)
    {
        try
        {
            SessionIds.Validate(sessionId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
