using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>
/// What every ledger store has to do. A store's own test project derives from it once for each way in which the store can be set up,
/// and gives it an empty store; the tests look at nothing but <see cref="ILedgerStore"/>.
/// </summary>
public abstract partial class LedgerStoreContract : IAsyncLifetime
{
    protected const int ManyEntries = 100_000;

    /// <summary>The most entries that one append of the writer is likely to hold.</summary>
    protected const int EntriesAtOnce = 4_096;

    private ILedgerStore? store;

    /// <summary>The store under test, started.</summary>
    protected ILedgerStore Store => store ?? throw new InvalidOperationException("The store is made before the test.");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes the store that a test begins with: no session stands in it. The contract starts it.</summary>
    protected abstract ValueTask<ILedgerStore> MakeAsync();

    /// <summary>
    /// Brings about what the store does later by itself, such as filling its tables, also by closing it and opening another on the same
    /// ledger. A store that does nothing later needs nothing here.
    /// </summary>
    /// <returns>The store to go on with, started.</returns>
    protected virtual ValueTask<ILedgerStore> CaughtUpAsync(ILedgerStore store) => ValueTask.FromResult(store);

    /// <summary>Clears away what <see cref="MakeAsync"/> set up, after the store was disposed of.</summary>
    protected virtual ValueTask ClearAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        store = await MakeAsync();
        await store.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (store is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (store as IDisposable)?.Dispose();
        await ClearAsync();
    }

    /// <summary>Lets the store do what it does later by itself.</summary>
    protected async Task CatchUpAsync() => store = await CaughtUpAsync(Store);

    protected async Task<AppendOutcome> AppendAsync(LedgerAppend append) => Assert.Single(await Store.AppendAsync([append]));

    /// <summary>Appends all in one batch; all of them must be written.</summary>
    protected async Task WriteAsync(params LedgerAppend[] appends)
    {
        var outcomes = await Store.AppendAsync(appends);
        Assert.Equal(appends.Length, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Written, outcome));
    }

    protected async Task<GrowingSession> OpenedAsync(string sessionId = "session", string? tenant = null)
    {
        var session = new GrowingSession(sessionId, tenant);
        await WriteAsync(session.Open());
        return session;
    }

    /// <summary>A session with a charge under each key, written in appends of the size that the writer makes.</summary>
    protected async Task<GrowingSession> OpenedAsync(string sessionId, IEnumerable<string> keys)
    {
        var session = await OpenedAsync(sessionId);
        foreach (var some in keys.Chunk(EntriesAtOnce))
            await WriteAsync(session.Charge(some));
        return session;
    }

    protected async Task<IReadOnlyList<Entry>> ReadAllAsync(string sessionId) => await Store.ReadAsync(sessionId, 1, int.MaxValue, Token);

    protected async Task<Entry?> FindAsync(string sessionId, string key) => await Store.FindByKeyAsync(sessionId, key, Token);

    protected async Task<IReadOnlyList<string>> DueAsync(DateTimeOffset now, int skip = 0, int count = 100) =>
        await Store.FindDueAsync(now, skip, count, Token);

    /// <summary>The store holds exactly this of a session.</summary>
    protected async Task AssertStoredAsync(GrowingSession session)
    {
        var stored = await Store.LoadAsync(session.Id, Token);
        Assert.NotNull(stored);
        Assert.Equivalent(session.Head, stored.Head, strict: true);
        Assert.Equal(
            session.OpenReservations.OrderBy(reservation => reservation.Id),
            stored.OpenReservations.OrderBy(reservation => reservation.Id)
        );
        AssertSameHolders(session, stored);
        Assert.Equal(session.DueAt, stored.DueAt);
        AssertSame(session.Entries, await ReadAllAsync(session.Id));
    }

    protected static void AssertSameHolders(GrowingSession session, StoredLedger stored)
    {
        var expected = session.OpenHolders.OrderBy(holder => holder.Number).ToArray();
        var actual = stored.OpenHolders.OrderBy(holder => holder.Number).ToArray();
        // Options are lists and maps, which are equal by reference alone.
        Assert.Equal(expected.Select(holder => holder with { Options = null }), actual.Select(holder => holder with { Options = null }));
        var few = expected.Length < 100 ? expected.Length : 1;
        Assert.Equivalent(expected[..few], actual[..few], strict: true);
        Assert.Equal(session.Head.Reserved, stored.Reserved);
    }

    /// <summary>The store holds nothing of a session.</summary>
    protected async Task AssertAbsentAsync(string sessionId)
    {
        Assert.Null(await Store.LoadAsync(sessionId, Token));
        Assert.Empty(await ReadAllAsync(sessionId));
        Assert.DoesNotContain(sessionId, await DueAsync(DateTimeOffset.MaxValue, count: 1_000));
        Assert.DoesNotContain(await Store.ListAsync(new SessionListing(Count: 1_000), Token), head => head.SessionId == sessionId);
    }

    protected static void AssertSame(IReadOnlyList<Entry> expected, IReadOnlyList<Entry> actual)
    {
        Assert.Equal(expected.Select(entry => entry.Sequence), actual.Select(entry => entry.Sequence));
        Assert.Equivalent(expected, actual, strict: true);
    }
}
