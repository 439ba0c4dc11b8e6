using AgentBudget.Client.Sessions;
using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Retries;

/// <summary>The ledger stays away: the client gives up in time and fails closed.</summary>
public sealed class UnavailableTests(SharedLedger ledger)
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wrap_LedgerStaysAway_GivesUpInTimeAndNeverMakesTheCall(bool isTimeout)
    {
        var clock = new SkippingClock();
        var script = new GrainScript();
        script.Fail(
            nameof(IBudgetSession.ReserveWaitingAsync),
            () => isTimeout ? new TimeoutException() : new BudgetUnavailableException()
        );
        await using var session = await OpenAsync(clock, script);
        var made = false;
        var unavailable = await Assert.ThrowsAsync<BudgetUnavailableException>(() =>
            session.CallAsync("0.10", "0.10", () => made = true).InTimeAsync()
        );
        Assert.False(made);
        // It gives up at the first failure after the time: the last wait, of at most a second and its jitter, may go beyond.
        Assert.InRange(clock.Passed, RetryFor, RetryFor + TimeSpan.FromSeconds(2));
        Assert.True(script.Attempts(nameof(IBudgetSession.ReserveWaitingAsync)) > 5);
        Assert.Contains("not made", unavailable.Message, StringComparison.Ordinal);
        Assert.Single(script.SentBy(nameof(IBudgetSession.ReserveWaitingAsync)).Select(command => command.Key).Distinct());
    }

    [Fact]
    public async Task Wrap_LedgerIsGoneForTheSettlement_KeepsTheResultAndTheSettlement()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.SettleAsync), () => new TimeoutException());
        await using var session = await OpenAsync(new SkippingClock(), script);
        var unsettled = await Assert.ThrowsAsync<UnsettledCallException>(() =>
            session
                .WrapAsync(
                    CallEstimate.Model("gpt-5", "0.10"),
                    _ => Task.FromResult("dear"),
                    _ => Money.Parse("0.08"),
                    cancellationToken: Token
                )
                .InTimeAsync()
        );
        Assert.Equal("dear", unsettled.Result);
        Assert.DoesNotContain("not made", unsettled.Message, StringComparison.Ordinal);
        Assert.Contains("unknown", unsettled.Message, StringComparison.Ordinal);
        Assert.Equal(Dollars("0.10"), (await session.NowAsync()).Reserved);

        // The ledger is back: the settlement is sent as it is, and counts once.
        script.Heal(nameof(IBudgetSession.SettleAsync));
        for (var i = 0; i < 2; i++)
            Assert.True((await session.Grain.SettleAsync(unsettled.Settle)).IsGranted);
        Assert.Equal((Dollars("0.08"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));
    }

    // Its end was lost with the first 20 seconds of a ledger that was away: its cost was missing for ever.
    [Theory]
    [InlineData("dropped", "0.10")]
    [InlineData("settled", "0.08")]
    [InlineData("given back", "0.00")]
    public async Task End_ThatDidNotReachTheLedger_ArrivesWhenItIsBack(string how, string spent)
    {
        var clock = new StandingClock();
        var script = new GrainScript();
        foreach (var method in (string[])[nameof(IBudgetSession.SettleAsync), nameof(IBudgetSession.ReleaseAsync)])
            script.Fail(method, () => new TimeoutException());
        var client = ledger.NewClient(options => options.RetryFor = TimeSpan.Zero, clock, script);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Token);
        await using (var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Token))
        {
            if (how == "settled")
                await Assert.ThrowsAsync<UnsettledCallException>(() => call.SettleAsync(ActualCost.Of("0.08")));
            else if (how == "given back")
                await Assert.ThrowsAsync<BudgetUnavailableException>(call.ReleaseAsync);
        }

        // Away for one round more.
        clock.Advance(LateEnds.Pause);
        Assert.Equal(Dollars("0.10"), (await session.NowAsync()).Reserved);
        script.Heal(nameof(IBudgetSession.SettleAsync));
        script.Heal(nameof(IBudgetSession.ReleaseAsync));
        clock.Advance(LateEnds.Pause);

        await session.WhenReservedAsync("0").InTimeAsync();
        Assert.Equal(Dollars(spent), (await session.NowAsync()).Spent);
        Assert.Equal(3, (await session.EntriesAsync()).Count);
    }

    // A session that was faulted threw, and the program's own error was lost behind that.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_LedgerIsAwayOrFails_NeitherWaitsNorThrows(bool isThere)
    {
        var script = new GrainScript().Fail(
            nameof(IBudgetSession.CloseAsync),
            () => isThere ? new InvalidOperationException("a law") : new TimeoutException()
        );
        var session = await OpenAsync(new SkippingClock(), script);
        await session.DisposeAsync();
        Assert.Equal(1, script.Attempts(nameof(IBudgetSession.CloseAsync)));
    }

    // The program's own error used to be lost behind that of the ledger.
    [Fact]
    public async Task Wrap_CallFailsAndTheLedgerIsGoneToo_BothErrorsAreTold()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.SettleAsync), () => new TimeoutException());
        await using var session = await OpenAsync(new SkippingClock(), script);
        var fault = new InvalidOperationException("mine");
        var unavailable = await Assert.ThrowsAsync<BudgetUnavailableException>(() =>
            session
                .WrapAsync(
                    CallEstimate.Model("gpt-5", "0.10"),
                    _ => Task.FromException<int>(fault),
                    _ => Money.Zero,
                    cancellationToken: Token
                )
                .InTimeAsync()
        );
        Assert.Contains(fault, Assert.IsType<AggregateException>(unavailable.InnerException).InnerExceptions);
    }

    [Fact]
    public async Task Operation_NoTimeToRetry_IsTriedOnce()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.ChargeAsync), () => new TimeoutException());
        var client = ledger.NewClient(options => options.RetryFor = TimeSpan.Zero, new SkippingClock(), script);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Token);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.10"), Token));
        Assert.Equal(1, script.Attempts(nameof(IBudgetSession.ChargeAsync)));
    }

    [Fact]
    public async Task Wrap_LedgerComesBackInTime_CallIsMadeOnce()
    {
        var clock = new SkippingClock();
        var script = new GrainScript();
        await using var session = await OpenAsync(clock, script);
        script.Answer(
            nameof(IBudgetSession.ReserveWaitingAsync),
            async call =>
            {
                if (clock.Passed < TimeSpan.FromSeconds(5))
                    throw new TimeoutException();
                return await call.ForwardAsync();
            }
        );
        var made = 0;
        Assert.Equal("answer", await session.CallAsync("0.10", "0.10", () => made++).InTimeAsync());
        Assert.Equal((1, Dollars("0.10")), (made, (await session.NowAsync()).Spent));
    }

    [Fact]
    public async Task Operation_CancelledBetweenAttempts_StopsTrying()
    {
        var clock = new StandingClock();
        var script = new GrainScript().Fail(nameof(IBudgetSession.TopUpAsync), () => new TimeoutException());
        await using var session = await OpenAsync(clock, script);
        using var cancel = new CancellationTokenSource();
        var trying = session.TopUpAsync("1", cancellationToken: cancel.Token);
        await clock.WhenWaitingAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying.InTimeAsync());
        Assert.Equal(1, script.Attempts(nameof(IBudgetSession.TopUpAsync)));
    }

    private Task<BudgetSession> OpenAsync(TimeProvider clock, GrainScript script) =>
        ledger.NewClient(options => options.RetryFor = RetryFor, clock, script).OpenAsync("1.00", cancellationToken: Token);
}
