using AgentBudget.Ledger;
using AgentBudget.Pricing;

namespace AgentBudget.Replay.Tests;

public sealed class ReplayTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    private static readonly ReplaySettings Ample = new() { Budget = Money.Parse("1000"), Mode = ReplayMode.Charge, Loops = LoopPolicy.Off };

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
        var result = await ReplayAsync(new() { Budget = Money.Parse("1.00") }, TraceText.Model(0, "0.6"), TraceText.Tool(1_000), TraceText.Model(2_000, "0.5"), TraceText.Model(3_000, "0.1"));

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
            new() { Budget = Money.Parse("1.00"), Mode = ReplayMode.Charge }, TraceText.Model(0, "0.6"), TraceText.Model(2_000, "0.5"), TraceText.Model(3_000, "0.1"));

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
            new() { Budget = Money.Parse("0.30"), Mode = mode }, TraceText.Model(0, "0.1"), TraceText.Model(1, "0.1"), TraceText.Model(2, "0.1"), TraceText.Tool(3));

        Assert.Equal(Money.Parse("0.30"), result.TotalSpent);
        Assert.Null(result.TerminatedBy);
        Assert.Null(result.StoppedAtEvent);
        Assert.Equal(EndReason.Closed, result.Report.Standing.End);
    }

    [Fact]
    public async Task Reserve_CallAboveTheWholeBudget_EndsTheRunWithTheRefusalsWord()
    {
        var result = await ReplayAsync(new() { Budget = Money.Parse("0.30") }, TraceText.Model(0, "0.1"), TraceText.Model(1, "0.4"), TraceText.Model(2, "0.1"));

        Assert.Equal("too_large", result.TerminatedBy);
        Assert.Null(result.Report.TerminatedBy);
        Assert.Equal(2, result.StoppedAtEvent);
        Assert.Equal(Money.Parse("0.10"), result.TotalSpent);
    }

    [Theory]
    [InlineData(ReplayMode.Reserve)]
    [InlineData(ReplayMode.Charge)]
    public async Task Replay_SoftLimits_NamesTheEventThatCrossedTheFirst(ReplayMode mode)
    {
        var settings = new ReplaySettings { Budget = Money.Parse("1.00"), Mode = mode, SoftLimits = [0.8m, 0.5m] };

        var result = await ReplayAsync(settings, TraceText.Model(0, "0.4"), TraceText.Tool(1), TraceText.Model(2, "0.1"), TraceText.Model(3, "0.3"));

        Assert.Equal(3, result.SoftLimitAtEvent);
        Assert.Null(result.TerminatedBy);
    }

    [Theory]
    [InlineData(ReplayMode.Reserve, 2)]
    [InlineData(ReplayMode.Charge, 3)]
    public async Task Replay_SameToolCallInsideTheWindow_IsALoop(ReplayMode mode, int callsMade)
    {
        var settings = Looping(mode);

        var result = await ReplayAsync(settings, TraceText.Tool(0), TraceText.Tool(500), TraceText.Tool(999), TraceText.Model(1_000, "0.1"));

        Assert.Equal("loop_detected", result.TerminatedBy);
        Assert.Equal(3, result.StoppedAtEvent);
        Assert.Equal(callsMade, result.Report.Breakdown.Sum(CallKind.Tool).Calls);
        Assert.Equal(Money.Parse("0.10"), result.Saved);
    }

    [Theory]
    [InlineData(1_000, """{"a":1}""", """{"a":1}""")]
    [InlineData(999, """{"a":1}""", """{"a":2}""")]
    public async Task Replay_SameToolCallOutsideTheWindowOrWithOtherArguments_IsNoLoop(long t, string first, string last)
    {
        var result = await ReplayAsync(Looping(ReplayMode.Reserve), TraceText.Tool(0, first), TraceText.Tool(500, first), TraceText.Tool(t, last));

        Assert.Null(result.TerminatedBy);
    }

    [Fact]
    public async Task Replay_SameToolCallOfTwoAgents_IsNoLoop()
    {
        const string sub = ",\"agent\":\"sub1\"";

        var result = await ReplayAsync(Looping(ReplayMode.Reserve), TraceText.Tool(0), TraceText.Tool(1), TraceText.Tool(2, members: sub), TraceText.Tool(3, members: sub));

        Assert.Null(result.TerminatedBy);
    }

    [Fact]
    public async Task Replay_StuckRun_TripsAtFiveInAMinuteAndNotAtTen()
    {
        var file = TraceText.Sample(TraceText.Loops);
        var settings = new ReplaySettings { Budget = Money.Parse("1.00") };

        var byDefault = await fixture.Replayer.ReplayAsync(file, settings, cancellationToken: TestContext.Current.CancellationToken);
        var atFive = await fixture.Replayer.ReplayAsync(
            file, settings with { Loops = new LoopPolicy { Rule = new LoopRule { Calls = 5 } } }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Null(byDefault.TerminatedBy);
        Assert.Equal("loop_detected", atFive.TerminatedBy);
        Assert.Equal(43, atFive.StoppedAtEvent);
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
    public async Task Replay_ToolWithRecordedCost_CostsWhatIsRecorded() => Assert.Equal(
        Money.Parse("0.01"), (await ReplayAsync(new() { Budget = Money.Parse("1.00") }, TraceText.Tool(0, members: ",\"recorded_cost_usd\":0.01"))).TotalSpent);

    [Fact]
    public async Task Replay_RunThatRestedForAMonth_IsNotExpired()
    {
        var result = await ReplayAsync(new() { Budget = Money.Parse("1.00") }, TraceText.Model(0, "0.1"), TraceText.Model((long)TimeSpan.FromDays(30).TotalMilliseconds, "0.1"));

        Assert.Null(result.TerminatedBy);
        Assert.Equal(TimeSpan.FromDays(30), result.Report.Duration);
    }

    [Fact]
    public async Task Replay_RunWithoutEvents_OpensAndClosesASession() => Assert.Equal(2, (await ReplayAsync(new() { Budget = Money.Parse("1.00") })).Report.EventsTotal);

    [Fact]
    public async Task Replay_CostsBeyondWhatMoneyHolds_IsAnErrorAndOpensNothing()
    {
        using var folder = new TempFolder();
        var file = folder.File("dear.jsonl", Enumerable.Repeat(TraceText.Model(0, "1000000000"), 10).Prepend(TraceText.Header));

        await Assert.ThrowsAsync<TraceException>(() => fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Null(await fixture.Replayer.Store.LoadAsync("replay/dear", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Replay_WrongLastLine_OpensNothing()
    {
        using var folder = new TempFolder();
        var file = folder.File("broken.jsonl", TraceText.Header, TraceText.Model(0, "0.1"), "{");

        await Assert.ThrowsAsync<TraceException>(() => fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Null(await fixture.Replayer.Store.LoadAsync("replay/broken", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Replay_SameFileAgain_TakesTheNextNameAndGivesTheSame()
    {
        using var folder = new TempFolder();
        var file = folder.File("a name (1).jsonl", TraceText.Header, TraceText.Model(0, "0.1"));

        var first = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);
        var second = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);
        var third = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["replay/a-name--1-", "replay/a-name--1-/2", "replay/a-name--1-/3"], new[] { first, second, third }.Select(result => result.SessionId));
        Assert.Equal(first.Report.Events.Select(entry => (entry.At, entry.Kind, entry.Key, entry.Amount)), third.Report.Events.Select(entry => (entry.At, entry.Kind, entry.Key, entry.Amount)));
    }

    [Fact]
    public async Task Replay_LongFileName_FitsTheBoundOnIds()
    {
        using var folder = new TempFolder();
        var file = folder.File(new string('n', 200) + ".jsonl", TraceText.Header);

        Assert.True((await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken)).SessionId.Length <= Bounds.IdLength);
    }

    [Fact]
    public async Task Replay_LaterFileThatStartsEarlier_HasAClockOfItsOwn()
    {
        using var folder = new TempFolder();
        var later = folder.File("later.jsonl", """{"format":1,"start":"2026-06-01T00:00:00Z"}""", TraceText.Model(0, "0.1"));
        var earlier = folder.File("earlier.jsonl", """{"format":1,"start":"2026-01-01T00:00:00Z"}""", TraceText.Model(1_000, "0.1"));

        await fixture.Replayer.ReplayAsync(later, Ample, cancellationToken: TestContext.Current.CancellationToken);
        var result = await fixture.Replayer.ReplayAsync(earlier, Ample, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), result.Report.OpenedAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero), result.Report.EndedAt);
    }

    [Fact]
    public async Task Replay_Progress_IsTold()
    {
        var told = new List<ReplayProgress>();
        using var folder = new TempFolder();
        var file = folder.File("progress.jsonl", TraceText.Header, TraceText.Model(0, "0.1"), TraceText.Tool(1));

        await fixture.Replayer.ReplayAsync(file, Ample, new Recorder(told), TestContext.Current.CancellationToken);

        Assert.Equal([new(file, 1, 2, Money.Parse("0.1")), new(file, 2, 2, Money.Parse("0.1"))], told);
    }

    [Theory]
    [InlineData("0", 0.9)]
    [InlineData("1", 2)]
    public async Task Replay_SettingOutOfRange_IsRefusedBeforeAnythingIsRead(string budget, double softLimit)
    {
        var settings = new ReplaySettings { Budget = Money.Parse(budget), SoftLimits = [(decimal)softLimit] };

        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Replayer.ReplayAsync("none.jsonl", settings, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static ReplaySettings Looping(ReplayMode mode) => new()
    {
        Budget = Money.Parse("1.00"),
        Mode = mode,
        Loops = new LoopPolicy { Rule = new LoopRule { Calls = 3, Window = TimeSpan.FromSeconds(1) } },
    };

    private async Task<ReplayResult> ReplayAsync(ReplaySettings settings, params string[] events)
    {
        using var folder = new TempFolder();
        var file = folder.File("run.jsonl", events.Prepend(TraceText.Header));
        return await fixture.Replayer.ReplayAsync(file, settings, cancellationToken: TestContext.Current.CancellationToken);
    }

    private sealed class Recorder(List<ReplayProgress> told) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => told.Add(value);
    }
}
