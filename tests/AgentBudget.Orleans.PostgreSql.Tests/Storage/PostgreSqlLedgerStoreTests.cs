using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.PostgreSql.Tests.Storage;

/// <summary>The PostgreSQL store does what every store has to do.</summary>
public abstract class PostgreSqlLedgerStoreTests(SharedServer shared, int partitions) : LedgerStoreContract
{
    private TestLedger? ledger;

    protected override async ValueTask<ILedgerStore> MakeAsync()
    {
        ledger = await shared.EmptyLedgerAsync(partitions);
        // Beside other tests a batch of thousands of rows can take longer than a silo would wait for it.
        return ledger.NewStore(options => options.CommandTimeout = TimeSpan.FromMinutes(1));
    }

    protected override async ValueTask ClearAsync()
    {
        if (ledger is not null)
            await shared.ReturnAsync(ledger);
    }
}

/// <summary>On one database.</summary>
public sealed class OnePartitionTests(SharedServer shared) : PostgreSqlLedgerStoreTests(shared, partitions: 1);

/// <summary>On two databases.</summary>
public sealed class TwoPartitionsTests(SharedServer shared) : PostgreSqlLedgerStoreTests(shared, partitions: 2);
