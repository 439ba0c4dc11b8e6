using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>One SQLite store under two clusters.</summary>
public sealed class DuplicateActivationTests : DuplicateActivationContract
{
    private readonly LedgerFolder folder = new();

    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(folder.NewStore());

    protected override ValueTask ClearAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
