namespace AgentBudget.Replay.Tests;

public sealed class ReplayMoneyTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    private static readonly ReplaySettings Ample = new()
    {
        Budget = Money.Parse("1000"),
        Mode = ReplayMode.Charge,
        Loops = LoopPolicy.Off,
    };

    [Theory]
    [InlineData(TraceText.Fits)]
    [InlineData(TraceText.Longer)]
    [InlineData(TraceText.Loops)]
    public async Task Charge_AmpleBudgetAndLoopsOff_SpendsTheSumOfCallsPricedOneByOne(string name)
    {
        var file = TraceText.Sample(name);
        var trace = await TraceReader.ReadAsync(file, TestContext.Current.CancellationToken);
        var expected = Money.Zero;
        foreach (var call in trace.Events.Where(call => call.HasUsage))
            expected += PriceBook.Embedded.Price(call.Call.Provider, call.Call.Name, trace.Start + call.Elapsed, call.Call.Usage).Cost;

        var result = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(expected > Money.Zero);
        Assert.Equal(expected, result.TotalSpent);
        Assert.Equal(expected, result.FullCost);
        Assert.Equal(expected, result.Report.Breakdown.Total);
        Assert.Equal(0, result.UnpricedCalls);
        Assert.Null(result.TerminatedBy);
        Assert.Equal(Money.Zero, result.Saved);
    }

    [Fact]
    public async Task Reserve_CallThatDoesNotFit_IsNotMadeAndEndsTheRun()
    {
        var result = await ReplayAsync(
            new() { Budget = Money.Parse("1.00") },
            TraceText.Model(0, "0.6"),
            TraceText.Tool(1_000),
            TraceText.Model(2_000, "0.5"),
            TraceText.Model(3_000, "0.1")
        );

        Assert.Equal(Money.Parse("0.60"), result.TotalSpent);
        Assert.Equal(Money.Zero, result.Overage);
        Assert.Equal(Money.Parse("1.20"), result.FullCost);
        Assert.Equal(Money.Parse("0.60"), result.Saved);
        Assert.Equal("budget_exhausted", result.TerminatedBy);
        Assert.Equal(3, result.StoppedAtEvent);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 2, TimeSpan.Zero), result.StoppedAt);
        Assert.Equal(4, result.EventsTotal);
        Assert.Equal(2, result.Report.Breakdown.Sum(null).Calls);
    }

    [Fact]
    public async Task Charge_CostThatCrossesTheBudget_IsRecordedAsOverageAndEndsTheRun()
    {
        var result = await ReplayAsync(
            new() { Budget = Money.Parse("1.00"), Mode = ReplayMode.Charge },
            TraceText.Model(0, "0.6"),
            TraceText.Model(2_000, "0.5"),
            TraceText.Model(3_000, "0.1")
        );

        Assert.Equal(Money.Parse("1.10"), result.TotalSpent);
        Assert.Equal(Money.Parse("0.10"), result.Overage);
        Assert.Equal(Money.Parse("0.10"), result.Saved);
        Assert.Equal("budget_exhausted", result.TerminatedBy);
        Assert.Equal(2, result.StoppedAtEvent);
    }

    [Theory]
    [InlineData(ReplayMode.Reserve)]
    [InlineData(ReplayMode.Charge)]
    public async Task Replay_ExactFit_IsNotStopped(ReplayMode mode)
    {
        var result = await ReplayAsync(
            new() { Budget = Money.Parse("0.30"), Mode = mode },
            TraceText.Model(0, "0.1"),
            TraceText.Model(1, "0.1"),
            TraceText.Model(2, "0.1"),
            TraceText.Tool(3)
        );

        Assert.Equal(Money.Parse("0.30"), result.TotalSpent);
        Assert.Null(result.TerminatedBy);
        Assert.Null(result.StoppedAtEvent);
        Assert.Equal(EndReason.Closed, result.Report.Standing.End);
    }

    [Fact]
    public async Task Reserve_CallAboveTheWholeBudget_StopsTheRunAndTerminatesNoSession()
    {
        var result = await ReplayAsync(
            new() { Budget = Money.Parse("0.30") },
            TraceText.Model(0, "0.1"),
            TraceText.Model(1, "0.4"),
            TraceText.Model(2, "0.1")
        );

        // Nothing latches: it used to say budget_exhausted, against its own report.
        Assert.Equal((null, null), (result.TerminatedBy, result.Report.TerminatedBy));
        Assert.Equal((RefusalReason.TooLarge, "too_large"), (result.Refusal, result.StoppedBy));
        Assert.Equal(2, result.StoppedAtEvent);
        Assert.Equal(Money.Parse("0.10"), result.TotalSpent);
    }

    [Theory]
    [InlineData(ReplayMode.Reserve)]
    [InlineData(ReplayMode.Charge)]
    public async Task Replay_SoftLimits_NamesTheEventThatCrossedTheFirst(ReplayMode mode)
    {
        var settings = new ReplaySettings
        {
            Budget = Money.Parse("1.00"),
            Mode = mode,
            SoftLimits = [0.8m, 0.5m],
        };

        var result = await ReplayAsync(
            settings,
            TraceText.Model(0, "0.4"),
            TraceText.Tool(1),
            TraceText.Model(2, "0.1"),
            TraceText.Model(3, "0.3")
        );

        Assert.Equal(3, result.SoftLimitAtEvent);
        Assert.Null(result.TerminatedBy);
    }

    [Fact]
    public async Task Replay_CallsWithoutAnyPrice_AreCountedAndLeftOutOfEverySum()
    {
        const string unknown = """{"t":0,"kind":"llm","provider":"nobody","model":"no-such-model","usage":{"input":10,"output":10}}""";
        const string unnamed = """{"t":1,"kind":"llm","provider":null,"model":null,"usage":null}""";

        var result = await ReplayAsync(new() { Budget = Money.Parse("1.00") }, unknown, unknown, unnamed, TraceText.Model(1, "0.1"));

        Assert.Equal(3, result.UnpricedCalls);
        Assert.Equal(["nobody/no-such-model", TraceEvent.UnnamedModel], result.UnpricedModels);
        Assert.Equal(Money.Parse("0.10"), result.FullCost);
        Assert.Equal(1, result.Report.Breakdown.Sum(null).Calls);
    }

    [Fact]
    public async Task Replay_UnknownModelWithRecordedCost_CostsWhatIsRecorded()
    {
        const string unknown = """{"t":0,"kind":"llm","model":"no-such-model","usage":{"input":10,"output":10},"recorded_cost_usd":0.25}""";

        Assert.Equal(Money.Parse("0.25"), (await ReplayAsync(new() { Budget = Money.Parse("1.00") }, unknown)).TotalSpent);
    }

    [Fact]
    public async Task Replay_ToolWithRecordedCost_CostsWhatIsRecorded() =>
        Assert.Equal(
            Money.Parse("0.01"),
            (
                await ReplayAsync(new() { Budget = Money.Parse("1.00") }, TraceText.Tool(0, members: ",\"recorded_cost_usd\":0.01"))
            ).TotalSpent
        );

    private Task<ReplayResult> ReplayAsync(ReplaySettings settings, params string[] events) => fixture.ReplayAsync(settings, events);
}
