using AgentBudget.Cli.Input;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Options;

namespace AgentBudget.Cli.Ledgers;

/// <summary>A ledger that is only looked at, while another process may be writing it.</summary>
internal sealed class LedgerReader : IDisposable
{
    private readonly StoreAddress address;
    private readonly SqliteLedgerStore store;

    private LedgerReader(StoreAddress address, SqliteLedgerStore store) => (this.address, this.store) = (address, store);

    /// <summary>The store.</summary>
    public ILedgerStore Store => store;

    /// <exception cref="LedgerStoreUnavailableException">It is not there or cannot be read.</exception>
    public static async Task<LedgerReader> OpenAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        var store = new SqliteLedgerStore(Options.Create(new SqliteLedgerOptions { Path = address.SqlitePath!, IsReadOnly = true }));
        try
        {
            await store.StartAsync(cancellationToken);
            return new LedgerReader(address, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>A session that was opened.</summary>
    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public Task<StoredLedger> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        FindAsync(store, address, sessionId, cancellationToken);

    /// <summary>The report of a session, with a page of its timeline.</summary>
    public async Task<SessionReport> ReportAsync(
        StoredLedger session,
        long fromSequence,
        int events,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var head = session.Head;
        var page = events == 0 ? [] : await store.ReadAsync(head.SessionId, fromSequence, events, cancellationToken);
        // The head was read first; what was written since is not in it.
        return SessionReport.Of(head, [.. page.Where(entry => entry.Sequence <= head.Sequence)], now);
    }

    /// <summary>The entry that last opened the breaker, or null.</summary>
    public async Task<Entry?> BreakerOpenedAsync(SessionReport report, CancellationToken cancellationToken)
    {
        if (report.BreakerOpenedSequence == 0)
            return null;
        var found = await store.ReadAsync(report.SessionId, report.BreakerOpenedSequence, 1, cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    public void Dispose() => store.Dispose();

    internal static async Task<StoredLedger> FindAsync(
        ILedgerStore store,
        StoreAddress address,
        string sessionId,
        CancellationToken cancellationToken
    ) =>
        await store.LoadAsync(sessionId, cancellationToken) is { Head.IsOpened: true } session
            ? session
            : throw new CommandFailedException(
                $"There is no session \"{sessionId}\" in {address}; \"agentbudget sessions list --store {address}\" shows those there are."
            );
}
