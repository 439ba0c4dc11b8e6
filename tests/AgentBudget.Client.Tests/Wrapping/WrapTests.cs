using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

public sealed class WrapTests(SharedLedger ledger)
{
    [Theory]
    [InlineData("0.10", "0.04")]
    [InlineData("0.10", "0.10")]
    [InlineData("0.10", "0")]
    [InlineData("0.10", "0.25")]
    public async Task Wrap_CallSucceeds_SettlesWithWhatItCost(string most, string cost)
    {
        await using var session = await ledger.OpenAsync("1.00");
        Assert.Equal("answer", await session.CallAsync(most, cost));
        var standing = await session.NowAsync();
        Assert.Equal((Dollars(cost), Money.Zero, Money.Zero), (standing.Spent, standing.Reserved, standing.Overage));
        Assert.Equal([EntryKind.Opened, EntryKind.Reserved, EntryKind.Settled], (await session.EntriesAsync()).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Wrap_CostBeyondTheWholeBudget_IsRecordedAndShutsTheSession()
    {
        await using var session = await ledger.OpenAsync("1.00");
        Assert.Equal("answer", await session.CallAsync("1.00", "1.40"));
        var standing = await session.NowAsync();
        Assert.Equal((Dollars("1.40"), Dollars("0.40")), (standing.Spent, standing.Overage));
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.CallAsync("0", "0"));
    }

    [Fact]
    public async Task Wrap_MoneyIsRefused_CallIsNeverMade()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.CallAsync("0.95", "0.95");
        var made = false;
        var refused = await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.CallAsync("0.10", "0.10", () => made = true));
        Assert.False(made);
        Assert.Equal(RefusalReason.BudgetExhausted, refused.Refusal.Reason);
        Assert.Equal(Dollars("0.05"), refused.Refusal.Available);
        Assert.Equal(Dollars("0.95"), refused.Report!.TotalSpent);
        Assert.Equal("budget_exhausted", refused.Report.TerminatedBy);
    }

    [Fact]
    public async Task Wrap_WhileTheCallRuns_TheMoneyIsSetAside()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var during = Money.Zero;
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async _ => during = (await session.NowAsync()).Reserved,
            _ => ActualCost.Of("0.10"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(Dollars("0.30"), during);
    }

    [Fact]
    public async Task Wrap_CostOfFails_SettlesTheWholeReservationAndSaysSo()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var uncosted = await Assert.ThrowsAsync<UncostedCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", "0.30"),
                _ => Task.FromResult("answer"),
                _ => throw new InvalidOperationException("no usage in the answer"),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("answer", uncosted.Result);
        Assert.IsType<InvalidOperationException>(uncosted.InnerException);
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Dollars("0.30"), CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }

    // The ledger would not take such a cost, and the reservation of a call that was made used to go back by its clock.
    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, -10)]
    public async Task Wrap_CostThatIsNone_SettlesTheWholeReservation(long nanoDollars, long tokens)
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<UncostedCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", "0.30"),
                _ => Task.FromResult("answer"),
                _ => ActualCost.Of(Money.FromNanoDollars(nanoDollars), new TokenUsage(tokens, 0)),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Dollars("0.30"), CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Wrap_FinalCall_MayUseTheFinalizationReserve()
    {
        var options = new BudgetSessionOptions { Budget = Dollars("1.00"), FinalizationReserve = 0.2m };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        await session.CallAsync("0.80", "0.80");
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.CallAsync("0.10", "0.10"));
        Assert.Equal("answer", await session.CallAsync("0.20", "0.20", isFinal: true));
        Assert.Equal((Dollars("1.00"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Overage));
    }

    [Fact]
    public async Task Wrap_ObserveMode_MakesEveryCallAndRecordsIt()
    {
        var options = new BudgetSessionOptions { Budget = Dollars("0.10"), Mode = SessionMode.Observe };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < 4; i++)
            await session.CallAsync("0.05", "0.05");
        Assert.Equal(Dollars("0.20"), (await session.NowAsync()).Spent);
        Assert.Null((await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken)).TerminatedBy);
    }

    [Fact]
    public async Task Wrap_MissingArguments_AreNamed()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var estimate = CallEstimate.Model("gpt-5", "0.10");
        var token = TestContext.Current.CancellationToken;
        var call = (CancellationToken _) => Task.FromResult(1);
        await Assert.ThrowsAsync<ArgumentNullException>(
            "estimate",
            () => session.WrapAsync(null!, call, _ => Money.Zero, cancellationToken: token)
        );
        await Assert.ThrowsAsync<ArgumentNullException>(
            "call",
            () => session.WrapAsync(estimate, (Func<CancellationToken, Task<int>>)null!, _ => Money.Zero, cancellationToken: token)
        );
        await Assert.ThrowsAsync<ArgumentNullException>("costOf", () => session.WrapAsync(estimate, call, null!, cancellationToken: token));
        Assert.Equal(1, (await session.NowAsync()).Sequence);
    }

    [Fact]
    public async Task Wrap_ReservationExpiresDuringTheCall_CostIsRecordedLate()
    {
        var clock = new StandingClock();
        await using var own = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = null;
                options.Time = clock;
                options.ConfigureLedger = silo => silo.SweepEnabled = false;
            },
            TestContext.Current.CancellationToken
        );
        // Its client is asleep meanwhile, and prolongs nothing.
        using var asleep = new AgentBudgetClient(own.Grains, time: new StandingClock());
        await using var session = await asleep.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ =>
            {
                clock.Advance(TimeSpan.FromMinutes(16));
                return Task.FromResult("answer");
            },
            _ => ActualCost.Of("0.20"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var charged = Assert.Single(await session.EntriesAsync(EntryKind.Charged));
        Assert.Equal((Dollars("0.20"), EntrySignals.Late, 2L), (charged.Amount, charged.Signals, charged.Related));
        Assert.Single(await session.EntriesAsync(EntryKind.Expired));
    }
}
