using AgentBudget.Cli.Input;
using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Tenants;
using Microsoft.Extensions.Options;

namespace AgentBudget.Cli.Ledgers;

/// <summary>An embedded ledger that is only looked at, while another process may be writing it.</summary>
internal sealed class LedgerReader : ILedgerView
{
    private readonly SqliteLedgerStore store;
    private readonly TimeProvider time;

    private LedgerReader(LedgerAddress address, SqliteLedgerStore store, TimeProvider time) =>
        (Address, this.store, this.time) = (address, store, time);

    public LedgerAddress Address { get; }

    public EventFeed Events => new(new StoredEvents(store, new LedgerClock(time)), time);

    /// <exception cref="LedgerStoreUnavailableException">It is not there or cannot be read.</exception>
    public static async Task<LedgerReader> OpenAsync(LedgerAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = new SqliteLedgerOptions { Path = address.Store!.SqlitePath!, IsReadOnly = true };
        var store = new SqliteLedgerStore(Options.Create(options));
        try
        {
            await store.StartAsync(cancellationToken);
            return new LedgerReader(address, store, time);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public Task<SessionsPage> ListAsync(SessionsQuery query, CancellationToken cancellationToken) =>
        store.ReadPageAsync(query, cancellationToken);

    public Task<SessionSummary?> FindOrNullAsync(string sessionId, CancellationToken cancellationToken) =>
        store.FindSessionAsync(sessionId, cancellationToken);

    public async Task<SessionReport?> ReportOrNullAsync(
        string sessionId,
        long fromSequence,
        int events,
        CancellationToken cancellationToken
    )
    {
        if (await store.LoadHeadAsync(sessionId, cancellationToken) is not { IsOpened: true } head)
            return null;
        var page = events == 0 ? [] : await store.ReadAsync(sessionId, fromSequence, events, cancellationToken);
        // The head was read first; what was written since is not in it.
        return SessionReport.Of(head, [.. page.Where(entry => entry.Sequence <= head.Sequence)], time.GetUtcNow());
    }

    public async Task<Entry?> EntryAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        await store.ReadAsync(sessionId, sequence, 1, cancellationToken) is [var entry] ? entry : null;

    public async Task<TenantReport?> TenantAsync(TenantPath path, CancellationToken cancellationToken) =>
        await LoadTenantAsync(path, cancellationToken) is { } loaded ? TenantReport.Of(loaded.Now) : null;

    public async Task<TenantSpend?> SpendAsync(TenantPath path, TenantSpendQuery query, CancellationToken cancellationToken)
    {
        if (await LoadTenantAsync(path, cancellationToken) is not { Now: var head, Stored: var stored })
            return null;
        var now = time.GetUtcNow();
        var day = new TenantSpendDay(
            new StoredTimeline(store, head.SessionId, cancellationToken),
            TenantSpendDay.TableOf(head.Tenant!, query.DayBefore),
            now
        );
        await day.CatchUpAsync(stored.Sequence);
        return day.Table.ToSpend(head, query.Names, now);
    }

    // What has come to pass by the clock since it was written is nowhere but here.
    private async Task<(SessionHead Now, SessionHead Stored)?> LoadTenantAsync(TenantPath path, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(TenantLedgers.IdOf(path), cancellationToken) is not { Head.IsOpened: true } stored)
            return null;
        var ledger = SessionLedger.Restore(stored.Head, stored.OpenReservations, stored.OpenHolders, []);
        ledger.ExpireDue(time.GetUtcNow());
        return (ledger.Head, stored.Head);
    }

    public async Task<IReadOnlyList<Entry>> HistoryAsync(TenantPath path, int count, CancellationToken cancellationToken)
    {
        var ledger = TenantLedgers.IdOf(path);
        var changes = new List<Entry>();
        var next = (await store.LoadHeadAsync(ledger, cancellationToken))?.Tenant?.LastChange ?? 0;
        while (next > 0 && changes.Count < count && await EntryAsync(ledger, next, cancellationToken) is { } entry)
        {
            changes.Add(entry);
            next = entry.Related;
        }

        return changes;
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class StoredTimeline(SqliteLedgerStore store, string ledgerId, CancellationToken cancellationToken) : ITimeline
    {
        public ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count) =>
            store.ReadAsync(ledgerId, fromSequence, count, cancellationToken);
    }
}
