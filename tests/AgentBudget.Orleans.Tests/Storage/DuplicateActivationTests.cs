using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Tests.Storage;

/// <summary>The store in memory, through the writer as a durable store is written.</summary>
public sealed class DuplicateActivationTests : DuplicateActivationContract
{
    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(new InMemoryLedgerStore());
}

/// <summary>The store in memory, written from the turn.</summary>
public sealed class DuplicateActivationImmediateTests : DuplicateActivationContract
{
    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(new InMemoryLedgerStore());

    protected override ILedgerStore Share(ILedgerStore store) => store;
}
