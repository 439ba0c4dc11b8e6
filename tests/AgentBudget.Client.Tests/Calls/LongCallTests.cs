using System.Runtime.CompilerServices;
using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Options;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Calls;

/// <summary>A call that takes longer than its reservation lives: prolonged by itself, as long as somebody has it.</summary>
public sealed class LongCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Half = TimeSpan.FromMinutes(7.5);

    private readonly StandingClock clock = new();
    private EmbeddedAgentBudget? embedded;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        embedded = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = null;
                options.Time = clock;
                options.ConfigureLedger = silo => silo.SweepEnabled = false;
            },
            Stop
        );

    public ValueTask DisposeAsync() => embedded!.DisposeAsync();

    [Fact]
    public async Task Call_OfAnHour_IsProlongedByItselfAndSettledInTime()
    {
        await using var session = await embedded!.OpenAsync("1.00", cancellationToken: Stop);
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async _ =>
            {
                for (var i = 1; i <= 8; i++)
                    await PassHalfAsync(session, extended: i);
                return "answer";
            },
            _ => ActualCost.Of("0.20"),
            cancellationToken: Stop
        );
        Assert.Equal((Dollars("0.20"), EntrySignals.None), Last(await session.EntriesAsync(EntryKind.Settled)));
        // Nothing is prolonged any more.
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(8, (await session.EntriesAsync(EntryKind.Extended)).Count);
    }

    // Its time to live counted from the first run, and its keeper's from the second: it expired under the call.
    [Fact]
    public async Task Call_TakenUpUnderItsKey_LivesFromThenOn()
    {
        await using var session = await embedded!.OpenAsync("1.00", cancellationToken: Stop);
        var options = new ReserveOptions { Key = "step-7" };
        var first = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);
        await first.ExtendAsync(TimeSpan.FromHours(1), Stop);
        clock.Advance(TimeSpan.FromMinutes(50));

        await using var again = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);

        Assert.Equal((true, first.ReservationId), (again.IsReplay, again.ReservationId));
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromMinutes(15), again.ExpiresAt, TimeSpan.FromSeconds(1));
        first.KeepOpen();
    }

    [Fact]
    public async Task Call_TakenUpUnderItsKeyAfterItExpired_IsNotMade()
    {
        await using var session = await embedded!.OpenAsync("1.00", cancellationToken: Stop);
        var options = new ReserveOptions { Key = "step-7", TimeToLive = TimeSpan.FromMinutes(1) };
        var client = new AgentBudgetClient(embedded.Grains, Options.Create(new AgentBudgetClientOptions { ExtendFor = TimeSpan.Zero }));
        await client.Get(session.Id).ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);
        clock.Advance(TimeSpan.FromMinutes(2));

        var ended = await Assert.ThrowsAsync<CallEndedException>(() =>
            session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop)
        );

        Assert.Equal((CallEnd.Expired, null), (ended.End, ended.Cost));
    }

    [Fact]
    public async Task Handle_Extended_SaysUntilWhen()
    {
        await using var session = await embedded!.OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        await call.ExtendAsync(TimeSpan.FromHours(2), Stop);
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromHours(2), call.ExpiresAt, TimeSpan.FromSeconds(1));
        await call.ReleaseAsync();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => call.ExtendAsync(cancellationToken: Stop));
        Assert.Equal(RefusalReason.ReservationNotOpen, refused.Refusal.Reason);
    }

    [Fact]
    public async Task Handle_ThatIsLost_IsProlongedNoMore()
    {
        await using var session = await embedded!.OpenAsync("1.00", cancellationToken: Stop);
        await LoseAsync(session);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        clock.Advance(Half);
        clock.Advance(Half);
        clock.Advance(Half);
        Assert.Equal(Money.Zero, (await session.NowAsync()).Reserved);
        Assert.Single(await session.EntriesAsync(EntryKind.Expired));
    }

    [Fact]
    public async Task Call_LongerThanCallsAreProlonged_Expires()
    {
        var options = new AgentBudgetClientOptions { ExtendFor = TimeSpan.FromMinutes(10) };
        using var client = new AgentBudgetClient(embedded!.Grains, Options.Create(options), clock);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        await PassHalfAsync(session, extended: 1);
        clock.Advance(Half);
        clock.Advance(Half);
        Assert.Equal(Money.Zero, (await session.NowAsync()).Reserved);
        // What it cost is recorded all the same.
        await call.SettleAsync(ActualCost.Of("0.10"));
        Assert.Equal((Dollars("0.10"), EntrySignals.Late), Last(await session.EntriesAsync(EntryKind.Charged)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task LoseAsync(BudgetSession session)
    {
        _ = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        await PassHalfAsync(session, extended: 1);
    }

    private async Task PassHalfAsync(BudgetSession session, int extended)
    {
        clock.Advance(Half);
        while ((await session.EntriesAsync(EntryKind.Extended)).Count < extended)
            await Task.Yield();
    }

    private static (Money, EntrySignals) Last(List<Entry> entries) => (Assert.Single(entries).Amount, entries[0].Signals);
}
