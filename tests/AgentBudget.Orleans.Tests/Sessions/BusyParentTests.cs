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

    // What stays while it is overdue must not stay for ever: each sweep would wake the whole family.
    [Fact]
    public async Task Parent_ThatIsWrittenWhileItIsOverdue_IsDueUntilItIsTendedAndNotAfterwards()
    {
        var parent = await fixture.OpenAsync("1000.00");
        await parent.OpenCarvedChildAsync(parent.Id() + "/child", "0.40").GrantedAsync();
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        await fixture.Cluster.ForgetAsync(child.Id());
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        await parent.ChargeAsync("0.01").GrantedAsync();
        Assert.True(await IsDueAsync(parent));

        await fixture.Cluster.SweepAsync();
        Assert.False(await IsDueAsync(parent));
        await parent.ChargeAsync("0.01").GrantedAsync();
        Assert.False(await IsDueAsync(parent));
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await IsDueAsync(parent));
    }

    private async Task<bool> IsDueAsync(IBudgetSession session)
    {
        var now = fixture.Cluster.Clock.GetUtcNow();
        return (await fixture.Store.Inner.FindDueAsync(now, 0, 1_000, TestContext.Current.CancellationToken)).Contains(session.Id());
    }

    private async Task<Money> BookedAsync(IBudgetSession parent) =>
        Assert.Single((await fixture.Store.Inner.LoadAsync(parent.Id(), TestContext.Current.CancellationToken))!.OpenHolders).Spent;
}
