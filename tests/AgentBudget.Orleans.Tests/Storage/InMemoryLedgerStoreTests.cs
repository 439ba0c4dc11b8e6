using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Tests.Storage;

/// <summary>The store in memory does what every store has to do.</summary>
public sealed class InMemoryLedgerStoreTests : LedgerStoreContract
{
    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(new InMemoryLedgerStore());
}
