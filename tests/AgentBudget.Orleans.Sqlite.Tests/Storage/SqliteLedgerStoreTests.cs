using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>The embedded store does what every store has to do, with its entries in the look-up tables and without.</summary>
public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private readonly LedgerFolder folder = new();

    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(folder.NewStore());

    /// <summary>A purge brings the look-up tables up to date before it looks for its session.</summary>
    protected override async ValueTask CatchUpAsync()
    {
        await Store.PurgeAsync("no such session", 1, Token);
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM entry WHERE id > (SELECT indexed_through FROM index_progress)"));
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM entry WHERE id NOT IN (SELECT id FROM entry_by_sequence)"));
    }

    protected override ValueTask ClearAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
