using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Tests.Storage;

/// <summary>The store in memory does what every store has to do.</summary>
public sealed class InMemoryLedgerStoreTests : LedgerStoreContract
{
    protected override ValueTask<ILedgerStore> MakeAsync() => ValueTask.FromResult<ILedgerStore>(new InMemoryLedgerStore());

    [Fact]
    public async Task HintOfAnAppend_ComesAtAnyTime_AndChangesNothing()
    {
        var store = new InMemoryLedgerStore();
        var session = new GrowingSession("session");
        var ledger = store.LedgerOf(session.Id);
        ledger.Prefetch(0);
        Assert.Equal(AppendOutcome.Written, ledger.Append(session.Open()));
        for (var i = 0; i < 200; i++)
        {
            ledger.Prefetch(ulong.MaxValue / 200 * (ulong)i);
            Assert.Equal(AppendOutcome.Written, ledger.Append(session.Charge($"key-{i}")));
        }

        ledger.Prefetch(ulong.MaxValue);
        Assert.Equal(session.Head, await store.LoadHeadAsync(session.Id, TestContext.Current.CancellationToken));
        await store.PurgeAsync(session.Id, session.Head.Life, session.Head.Sequence, TestContext.Current.CancellationToken);
        ledger.Prefetch(1);
        Assert.Null(await store.LoadHeadAsync(session.Id, TestContext.Current.CancellationToken));
    }
}
