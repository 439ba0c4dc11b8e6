using AgentBudget.Orleans.Tests.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>A parent that is never left alone, through store and sweep.</summary>
public sealed class BusyParentTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    // Each entry puts off what follows from it; what is overdue stays, or the first write after it would put the sweep off for ever.
    [Fact]
    public async Task Parent_ThatIsWrittenAllTheTime_IsTendedAllTheSame()
    {
        var parent = await fixture.OpenAsync("1000.00");
        await parent.OpenCarvedChildAsync(parent.Id() + "/child", "0.40").GrantedAsync();
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        await child.ChargeAsync("0.05").GrantedAsync();
        // It goes before it has reported, and nobody calls it any more.
        await fixture.Cluster.ForgetAsync(child.Id());
        var seconds = 0;
        while (await BookedAsync(parent) == Money.Zero && seconds < 6 * 60)
        {
            seconds++;
            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await parent.ChargeAsync("0.01").GrantedAsync();
            if (seconds % 30 == 0)
                await fixture.Cluster.SweepAsync();
        }

        Assert.Equal(Money.Parse("0.05"), await BookedAsync(parent));
    }

    private async Task<Money> BookedAsync(IBudgetSession parent) =>
        Assert.Single((await fixture.Store.Inner.LoadAsync(parent.Id(), TestContext.Current.CancellationToken))!.OpenHolders).Spent;
}
