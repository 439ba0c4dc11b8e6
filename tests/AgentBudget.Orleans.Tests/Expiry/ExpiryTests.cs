using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Expiry;

/// <summary>What ends by the clock ends on the next call, or by timer, or by the sweep.</summary>
public sealed class ExpiryTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public void Dispose() => fixture.Store.Heal();

    [Fact]
    public async Task Reservation_PastItsTime_IsExpiredByTheNextCall()
    {
        var session = await fixture.OpenAsync();
        await session.ReserveAsync("1.00", timeToLive: 5 * Minute).GrantedAsync();
        fixture.Cluster.Clock.Advance(5 * Minute - TimeSpan.FromTicks(1));
        Assert.Equal(RefusalReason.InsufficientNow, await session.ReserveAsync("1.00").RefusedAsync());
        fixture.Cluster.Clock.Advance(TimeSpan.FromTicks(1));
        await session.ReserveAsync("1.00").GrantedAsync();
        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.Expired, EntryKind.Reserved],
            (await fixture.Store.LawfulAsync(session.Id())).Select(entry => entry.Kind)
        );
    }

    [Theory]
    [InlineData("report")]
    [InlineData("standing")]
    public async Task Reservation_PastItsTime_IsExpiredByAReader(string reader)
    {
        var session = await fixture.OpenAsync();
        await session.ReserveAsync("1.00", timeToLive: 5 * Minute).GrantedAsync();
        fixture.Cluster.Clock.Advance(5 * Minute);
        var reserved = reader == "report" ? (await session.ReportAsync())!.Reserved : (await session.StandingAsync()).Reserved;
        Assert.Equal(Money.Zero, reserved);
    }

    [Fact]
    public async Task Reservation_SettledAfterItExpired_IsALateCharge()
    {
        var session = await fixture.OpenAsync();
        var reserved = await session.ReserveAsync("0.50", timeToLive: 5 * Minute).GrantedAsync();
        fixture.Cluster.Clock.Advance(6 * Minute);
        var settled = await session.SettleAsync(reserved.ReservationId, "0.40").GrantedAsync();
        Assert.True(settled.Signals.HasFlag(EntrySignals.Late));
        Assert.Equal((Money.Parse("0.40"), Money.Zero), (settled.Standing.Spent, settled.Standing.Reserved));
        Assert.Equal(RefusalReason.ReservationNotOpen, await session.SettleAsync(reserved.ReservationId, "0.40").RefusedAsync());
    }

    [Fact]
    public async Task Reservation_DueWithinAMinute_IsExpiredByATimer()
    {
        var session = await fixture.OpenAsync();
        await session.ReserveAsync("0.50", timeToLive: TimeSpan.FromSeconds(30)).GrantedAsync();
        var gate = fixture.Store.Block();
        fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await gate.ReachedAsync();
        Assert.Equal(EntryKind.Expired, Assert.Single(Assert.Single(fixture.Store.Batches[^1]).Entries).Kind);
    }

    [Fact]
    public async Task Sweep_ReservationPastItsTime_ExpiresItWithoutACall()
    {
        var session = await fixture.OpenAsync();
        await session.ReserveAsync("0.50").GrantedAsync();
        await fixture.Cluster.ForgetAsync(session.Id());
        fixture.Cluster.Clock.Advance(15 * Minute);
        Assert.InRange(await fixture.Cluster.SweepAsync(), 1, int.MaxValue);
        Assert.Equal(EntryKind.Expired, (await fixture.Store.LawfulAsync(session.Id()))[^1].Kind);
        Assert.Equal(0, await fixture.Cluster.SweepAsync());
    }

    [Fact]
    public async Task Sweep_ReservationThatWasExtended_LeavesItAlone()
    {
        var session = await fixture.OpenAsync();
        var reserved = await session.ReserveAsync("0.50").GrantedAsync();
        await session
            .ExtendAsync(new ExtendCommand { ReservationId = reserved.ReservationId, TimeToLive = TimeSpan.FromHours(2) })
            .GrantedAsync();
        fixture.Cluster.Clock.Advance(16 * Minute);
        await fixture.Cluster.SweepAsync();
        Assert.Equal(Money.Parse("0.50"), (await session.StandingAsync()).Reserved);
        fixture.Cluster.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.Cluster.SweepAsync();
        Assert.Equal(EntryKind.Expired, (await fixture.Store.LawfulAsync(session.Id()))[^1].Kind);
    }

    [Fact]
    public async Task Session_IdleForLong_EndsByTheSweepAndStillTakesLateCharges()
    {
        var session = await fixture.Cluster.OpenAsync(fixture.NewId(), with: options => options with { IdleTimeout = 10 * Minute });
        fixture.Cluster.Clock.Advance(9 * Minute);
        await session.ChargeAsync("0.10").GrantedAsync();
        fixture.Cluster.Clock.Advance(9 * Minute);
        await fixture.Cluster.SweepAsync();
        Assert.Equal(2, (await fixture.Store.LawfulAsync(session.Id())).Count);

        fixture.Cluster.Clock.Advance(Minute);
        await fixture.Cluster.SweepAsync();
        Assert.Equal(EndReason.Expired, (await fixture.Store.LawfulAsync(session.Id()))[^1].End);
        Assert.Equal(RefusalReason.SessionEnded, await session.ReserveAsync("0.01").RefusedAsync());
        var late = await session.ChargeAsync("0.20").GrantedAsync();
        Assert.True(late.Signals.HasFlag(EntrySignals.Late));
        Assert.Equal("expired", (await session.ReportAsync())!.TerminatedBy);
    }

    [Fact]
    public async Task Session_IdleWhileACallIsUnderWay_DoesNotEnd()
    {
        var session = await fixture.Cluster.OpenAsync(fixture.NewId(), with: options => options with { IdleTimeout = 10 * Minute });
        var reserved = await session.ReserveAsync("0.50", timeToLive: TimeSpan.FromHours(1)).GrantedAsync();
        fixture.Cluster.Clock.Advance(50 * Minute);
        await fixture.Cluster.SweepAsync();
        await session.SettleAsync(reserved.ReservationId, "0.50").GrantedAsync();
        Assert.Equal(EndReason.None, (await session.StandingAsync()).End);
    }

    [Fact]
    public async Task Session_PastItsTimeToLive_EndsByTheSweepAndGivesReservationsBack()
    {
        var session = await fixture.Cluster.OpenAsync(
            fixture.NewId(),
            with: options => options with { TimeToLive = TimeSpan.FromHours(1) }
        );
        await session.ReserveAsync("0.50", timeToLive: TimeSpan.FromHours(3)).GrantedAsync();
        fixture.Cluster.Clock.Advance(TimeSpan.FromHours(1));
        await fixture.Cluster.SweepAsync();
        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.Released, EntryKind.Ended],
            (await fixture.Store.LawfulAsync(session.Id())).Select(entry => entry.Kind)
        );
    }

    [Fact]
    public async Task Child_PastItsTimeToLive_BringsItsMoneyBackBySweep()
    {
        var parent = await fixture.OpenAsync();
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        await parent
            .OpenCarvedChildAsync(
                new()
                {
                    Child = child.Id(),
                    Options = new BudgetSessionOptions { Budget = Money.Parse("0.40"), TimeToLive = TimeSpan.FromHours(1) },
                }
            )
            .GrantedAsync();
        await child.ChargeAsync("0.15").GrantedAsync();
        // A child's opening may be written up to a millisecond ahead, so that two lives of an id are told apart.
        fixture.Cluster.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));
        // What the child had to report by then may have ended it a moment before the sweep, which goes on with what is left at the next.
        await fixture.Cluster.SweepAsync();
        for (var sweeps = 0; sweeps < 5 && (await parent.StandingAsync()).Reserved > Money.Zero; sweeps++)
        {
            fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(1));
            await fixture.Cluster.SweepAsync();
        }

        var standing = await parent.StandingAsync();
        Assert.Equal((Money.Zero, Money.Parse("0.15")), (standing.Reserved, standing.Spent));
    }

    // The store is looked at, and no session: a call would have done it as well.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_ThatEndsByATimer_HasItsChildrenEndAndItsParentHear(bool isParents)
    {
        TimeSpan? soon = TimeSpan.FromSeconds(30);
        var parent = await fixture.Cluster.OpenAsync(
            fixture.NewId(),
            with: options => options with { TimeToLive = isParents ? soon : null }
        );
        var child = new OpenCarvedChildCommand
        {
            Child = parent.Id() + "/child",
            Options = new BudgetSessionOptions { Budget = Money.Parse("0.40"), TimeToLive = isParents ? null : soon },
        };
        await parent.OpenCarvedChildAsync(child).GrantedAsync();
        fixture.Cluster.Clock.Advance(soon.Value + TimeSpan.FromMilliseconds(1));
        await Patience.UntilAsync(async () => (await HeadAsync(child.Child)).End == (isParents ? EndReason.Stopped : EndReason.Expired));
        await Patience.UntilAsync(async () => (await HeadAsync(parent.Id())) is { OpenHolders: 0, Reserved.NanoDollars: 0 });
        Assert.Equal(isParents ? EndReason.Expired : EndReason.None, (await HeadAsync(parent.Id())).End);
    }

    private async Task<SessionHead> HeadAsync(string sessionId) =>
        (await fixture.Store.Inner.LoadAsync(sessionId, TestContext.Current.CancellationToken))!.Head;
}
