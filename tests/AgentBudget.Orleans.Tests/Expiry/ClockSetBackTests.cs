using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Expiry;

/// <summary>The silo's clock was 30 days ahead and is set back: what has a time to live ends when that has passed, not 30 days
/// later.</summary>
public sealed class ClockSetBackTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ControlledStore store = new(new InMemoryLedgerStore());
    private readonly WrongClock clock = new() { WrongBy = TimeSpan.FromDays(30) };
    private LedgerCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await LedgerCluster.StartAsync(store, clock: clock);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Reservation_OfASecondMadeWhileTheClockWasAhead_ExpiresAfterASecondAtItsTime()
    {
        var session = await cluster.OpenAsync("session");
        var reserved = await session.ReserveAsync("0.50", timeToLive: Second).GrantedAsync();
        clock.WrongBy = TimeSpan.Zero;
        clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal(Money.Parse("0.50"), (await session.StandingAsync()).Reserved);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Money.Zero, (await session.StandingAsync()).Reserved);

        var last = (await store.LawfulAsync("session"))[^1];
        Assert.Equal((EntryKind.Expired, reserved.ExpiresAt), (last.Kind, last.At));
    }

    [Fact]
    public async Task Reservation_LoadedWithTheClockBehind_ExpiresWithinASecondOfTheLoad()
    {
        var session = await cluster.OpenAsync("session");
        await session.ReserveAsync("0.50", timeToLive: Second).GrantedAsync();
        await cluster.ForgetAsync("session");
        clock.WrongBy = TimeSpan.Zero;
        Assert.Equal(Money.Parse("0.50"), (await session.StandingAsync()).Reserved);
        clock.Advance(Second);
        Assert.Equal(Money.Zero, (await session.StandingAsync()).Reserved);
    }

    [Fact]
    public async Task Reservation_NoticedLate_ExpiresAtItsTime()
    {
        var session = await cluster.OpenAsync("session");
        var reserved = await session.ReserveAsync("0.50", timeToLive: Second).GrantedAsync();
        await cluster.ForgetAsync("session");
        clock.Advance(TimeSpan.FromMinutes(5));
        await session.ChargeAsync("0.10").GrantedAsync();
        var timeline = await store.LawfulAsync("session");
        Assert.Equal((EntryKind.Expired, reserved.ExpiresAt), (timeline[^2].Kind, timeline[^2].At));
        Assert.Equal(clock.GetUtcNow(), timeline[^1].At);
    }

    [Fact]
    public async Task Session_WhoseIdleTimeOutOrTimeToLiveBegan_EndsWhenItHasPassed()
    {
        var idle = await cluster.OpenAsync("idle", with: options => options with { IdleTimeout = TimeSpan.FromMinutes(10) });
        var old = await cluster.OpenAsync("old", with: options => options with { TimeToLive = TimeSpan.FromMinutes(10) });
        clock.WrongBy = TimeSpan.Zero;
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((EndReason.Expired, EndReason.Expired), ((await idle.StandingAsync()).End, (await old.StandingAsync()).End));
    }

    [Fact]
    public async Task Sweep_SessionThatWasWrittenSinceTheClockWasSetBack_IsFoundInTime()
    {
        var session = await cluster.OpenAsync("session");
        clock.WrongBy = TimeSpan.Zero;
        await session.ReserveAsync("0.50").GrantedAsync();
        await cluster.ForgetAsync("session");
        clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(1, await cluster.SweepAsync());
        // Loaded by the sweep, its time goes on from its last entry, and so does its reservation's.
        clock.Advance(TimeSpan.FromMinutes(15));
        await cluster.SweepAsync();
        Assert.Equal(EntryKind.Expired, (await store.LawfulAsync("session"))[^1].Kind);
    }

    [Fact]
    public async Task Sweep_SessionThatWasNotWrittenSince_IsFoundAfterItsActivationEnded()
    {
        var session = await cluster.OpenAsync("session");
        await session.ReserveAsync("0.50", timeToLive: TimeSpan.FromMinutes(20)).GrantedAsync();
        clock.WrongBy = TimeSpan.Zero;
        clock.Advance(TimeSpan.FromMinutes(16));
        await cluster.ForgetAsync("session");
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await cluster.SweepAsync());
        clock.Advance(TimeSpan.FromMinutes(20));
        await cluster.SweepAsync();
        Assert.Equal(EntryKind.Expired, (await store.LawfulAsync("session"))[^1].Kind);
    }

    [Fact]
    public async Task Loop_CallsFartherApartThanItsWindow_IsNoneThoughTheClockWasSetBack()
    {
        var session = cluster.Session("session");
        await session.OpenAsync(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("1.00") } }).GrantedAsync();
        await session.ChargeAsync("0.01").GrantedAsync();
        clock.WrongBy = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            clock.Advance(TimeSpan.FromHours(2));
            var reserved = await session
                .ReserveAsync(
                    new ReserveCommand
                    {
                        Amount = Money.Zero,
                        Call = new Call
                        {
                            Kind = CallKind.Tool,
                            Name = "search",
                            Fingerprint = 7,
                        },
                    }
                )
                .GrantedAsync();
            await session.SettleAsync(reserved.ReservationId, "0.00").GrantedAsync();
        }
    }
}
