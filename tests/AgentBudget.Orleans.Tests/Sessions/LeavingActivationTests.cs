using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>An activation that was fenced ends at once, even while a call of it waits for another session.</summary>
public sealed class LeavingActivationTests : IAsyncLifetime
{
    // Children have a writer of their own, so that one can be held up alone.
    private readonly ControlledStore store = new(new InMemoryLedgerStore())
    {
        IsInSecondPartition = id => id.EndsWith("child", StringComparison.Ordinal),
    };
    private LedgerCluster cluster = null!;
    private LedgerCluster other = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await LedgerCluster.StartAsync(store);
        other = await LedgerCluster.StartAsync(store);
    }

    public async ValueTask DisposeAsync()
    {
        store.Heal();
        await cluster.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Parent_FencedWhileItWaitsForAChild_ServesAgainBeforeTheChildAnswers()
    {
        var parent = await cluster.OpenAsync("parent");
        await parent.OpenCarvedChildAsync("parent/child", "0.40").GrantedAsync();
        var gate = store.BlockNext("parent/child");
        var closing = parent.CloseAsync(new CloseCommand());
        await gate.ReachedAsync();
        await other.Session("parent").ChargeAsync("0.10", "elsewhere").GrantedAsync();
        await parent.ChargeAsync("0.20", "here").AssertUnavailableAsync();

        Assert.Equal(Money.Parse("0.30"), (await parent.ChargeAsync("0.20", "here").GrantedAsync().InTimeAsync()).Standing.Spent);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => closing.InTimeAsync());
        gate.Open();
        Assert.Equal(Money.Parse("0.30"), (await CloseAsync(parent)).Standing.Spent);
    }

    // Both clusters may have served the child, and one of them finds out by this call: it is to be sent again.
    private async Task<SessionAnswer> CloseAsync(IBudgetSession session)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await session.CloseAsync(new CloseCommand()).GrantedAsync();
            }
            catch (BudgetUnavailableException) when (tries < 5)
            {
                cluster.Clock.Advance(TimeSpan.FromSeconds(2));
            }
        }
    }
}
