using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

/// <summary>Cancellation stops a call, and never what becomes of its money.</summary>
public sealed class CancellationTests(SharedLedger ledger)
{
    [Fact]
    public async Task Wrap_CancelledDuringTheCall_SettlesAllTheSame()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var cancel = new CancellationTokenSource();
        var running = session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async token =>
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return "never";
            },
            _ => Money.Zero,
            cancellationToken: cancel.Token
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTimeAsync());
        Assert.Equal((Dollars("0.30"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));
    }

    [Fact]
    public async Task Wrap_CancelledByACallThatSucceedsAnyway_SettlesWithItsCost()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var cancel = new CancellationTokenSource();
        var result = await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async _ =>
            {
                await cancel.CancelAsync();
                return "answer";
            },
            _ => ActualCost.Of("0.10"),
            cancellationToken: cancel.Token
        );
        Assert.Equal("answer", result);
        Assert.Equal(Dollars("0.10"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task Wrap_CancelledBeforehand_ReservesNothing()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var made = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", "0.30"),
                _ => Task.FromResult(made = true),
                _ => Money.Zero,
                cancellationToken: new CancellationToken(canceled: true)
            )
        );
        Assert.False(made);
        Assert.Equal(1, (await session.NowAsync()).Sequence);
    }

    // The call was never made, so nobody can have billed it; its reservation used to count as spent.
    [Fact]
    public async Task Wrap_CancelledWhileItReserves_CallIsNotMadeAndTheMoneyComesBack()
    {
        using var cancel = new CancellationTokenSource();
        var script = new GrainScript().Answer(
            nameof(IBudgetSession.ReserveWaitingAsync),
            async call =>
            {
                var answer = await call.ForwardAsync();
                await cancel.CancelAsync();
                return answer;
            }
        );
        await using var session = await ledger
            .NewClient(script: script)
            .OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        var made = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", "0.30"),
                token =>
                {
                    made = true;
                    token.ThrowIfCancellationRequested();
                    return Task.FromResult("answer");
                },
                _ => Money.Zero,
                cancellationToken: cancel.Token
            )
        );
        Assert.False(made);
        var standing = await session.NowAsync();
        Assert.Equal((Money.Zero, Money.Zero), (standing.Spent, standing.Reserved));
    }

    // Its answer was lost, and whoever would have asked again had gone: the money stayed set aside until it expired.
    [Fact]
    public async Task Wrap_CancelledBetweenTwoAttemptsToReserve_TheMoneyComesBackBehindIt()
    {
        var clock = new StandingClock();
        var script = new GrainScript().Lose(nameof(IBudgetSession.ReserveWaitingAsync), Loss.Answer, new TimeoutException());
        await using var session = await ledger
            .NewClient(clock: clock, script: script)
            .OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        var reserving = session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: cancel.Token);
        await clock.WhenWaitingAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reserving.InTimeAsync());
        await session.WhenReservedAsync("0").InTimeAsync();
        Assert.Equal(
            [EntryKind.Reserved, EntryKind.Released],
            (await session.EntriesAsync()).Select(entry => entry.Kind).Where(kind => kind != EntryKind.Opened)
        );
    }

    // Whoever runs the step again takes it up.
    [Fact]
    public async Task Reserve_UnderAKeyAndCancelledBetweenTwoAttempts_StaysSetAside()
    {
        var clock = new StandingClock();
        var script = new GrainScript().Lose(nameof(IBudgetSession.ReserveWaitingAsync), Loss.Answer, new TimeoutException());
        await using var session = await ledger
            .NewClient(clock: clock, script: script)
            .OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        var options = new ReserveOptions { Key = "step-7" };
        var reserving = session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, cancel.Token);
        await clock.WhenWaitingAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reserving.InTimeAsync());
        var token = TestContext.Current.CancellationToken;
        await using var again = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, token);
        Assert.Equal((true, Dollars("0.30")), (again.IsReplay, (await session.NowAsync()).Reserved));
    }

    [Fact]
    public async Task Wrap_CancelledWhileItWaitsForMoney_GivesUpAndReservesNothing()
    {
        var client = ledger.NewClient(options => options.WaitForMoney = TimeSpan.FromMinutes(1));
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        var held = await session.Grain.ReserveAsync(new ReserveCommand { Amount = Dollars("0.90"), Call = Call.Model("gpt-5") });
        using var cancel = new CancellationTokenSource();
        var waiting = session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ => Task.FromResult(1),
            _ => Money.Zero,
            cancellationToken: cancel.Token
        );
        await session.WhenWaitingAsync(1).InTimeAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTimeAsync());
        Assert.Equal(held.Amount, (await session.NowAsync()).Reserved);
        await session.WhenWaitingAsync(0).InTimeAsync();
    }
}
