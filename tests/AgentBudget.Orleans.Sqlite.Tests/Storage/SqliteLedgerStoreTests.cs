using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>The embedded store does what every store has to do, with its entries in the journal and in the tables.</summary>
public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private readonly LedgerFolder folder = new();

    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(folder.NewStore());

    /// <summary>At its start a store spreads what stands in the journal over the tables.</summary>
    protected override async ValueTask<ILedgerStore> CaughtUpAsync(ILedgerStore store)
    {
        ((IDisposable)store).Dispose();
        var again = await folder.StartAsync();
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM journal"));
        return again;
    }

    protected override ValueTask ClearAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
