using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Expiry;

/// <summary>Ended sessions are kept for their retention, 90 days by default, and then deleted whole.</summary>
public sealed class RetentionTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    public void Dispose() => fixture.Store.Heal();

    [Fact]
    public async Task Session_PastItsRetention_IsDeletedWholeAndItsIdIsFree()
    {
        var session = await fixture.OpenAsync();
        await session.ChargeAsync("0.10", "key").GrantedAsync();
        await session.CloseAsync(new CloseCommand()).GrantedAsync();
        await AdvanceAndSweepAsync(Retention - TimeSpan.FromTicks(1));
        Assert.Equal(Money.Parse("0.10"), (await session.ReportAsync())!.TotalSpent);

        await AdvanceAndSweepAsync(TimeSpan.FromTicks(1));
        Assert.Null(await fixture.Store.LoadAsync(session.Id(), TestContext.Current.CancellationToken));
        Assert.Null(await session.ReportAsync());
        Assert.Equal(RefusalReason.SessionUnknown, await session.ChargeAsync("0.10", "key").RefusedAsync());
        await session.OpenAsync(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("2.00") } }).GrantedAsync();
        Assert.False((await session.ChargeAsync("0.10", "key").GrantedAsync()).IsReplay);
    }

    [Fact]
    public async Task Session_ThatIsOpen_IsNotDeleted()
    {
        var session = await fixture.Cluster.OpenAsync(
            fixture.NewId(),
            with: options => options with { IdleTimeout = TimeSpan.FromDays(90) }
        );
        for (var month = 0; month < 4; month++)
        {
            await AdvanceAndSweepAsync(TimeSpan.FromDays(60));
            await session.ChargeAsync("0.10").GrantedAsync();
        }

        Assert.Equal(EndReason.None, (await session.StandingAsync()).End);
    }

    [Fact]
    public async Task Session_ThatEndedByItself_IsDeletedAfterItsRetentionToo()
    {
        var session = await fixture.OpenAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromDays(1));
        Assert.Equal(EndReason.Expired, (await session.StandingAsync()).End);
        await AdvanceAndSweepAsync(Retention);
        Assert.Null(await fixture.Store.LoadAsync(session.Id(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Child_WhoseParentHasNotHeard_IsKeptUntilItHas()
    {
        var parent = await fixture.Cluster.OpenAsync(
            fixture.NewId(),
            with: options => options with { IdleTimeout = TimeSpan.FromDays(90) }
        );
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        await parent.OpenCarvedChildAsync(child.Id(), "0.40").GrantedAsync();
        await child.ChargeAsync("0.15").GrantedAsync();
        fixture.Store.OnAppend = append => append.Head.SessionId == parent.Id() ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await child.CloseAsync(new CloseCommand()).GrantedAsync();
        await AdvanceAndSweepAsync(Retention + TimeSpan.FromDays(1));
        Assert.NotNull(await fixture.Store.LoadAsync(child.Id(), TestContext.Current.CancellationToken));

        fixture.Store.Heal();
        await AdvanceAndSweepAsync(TimeSpan.FromMinutes(10));
        Assert.Equal((Money.Zero, Money.Parse("0.15")), ((await parent.StandingAsync()).Reserved, (await parent.StandingAsync()).Spent));
        await AdvanceAndSweepAsync(Retention);
        Assert.Null(await fixture.Store.LoadAsync(child.Id(), TestContext.Current.CancellationToken));
    }

    private async Task AdvanceAndSweepAsync(TimeSpan time)
    {
        fixture.Cluster.Clock.Advance(time);
        await fixture.Cluster.SweepAsync();
    }
}
