namespace AgentBudget.Replay.Tests;

public sealed class ReplayLoopTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    [Theory]
    [InlineData(ReplayMode.Reserve, 2)]
    [InlineData(ReplayMode.Charge, 3)]
    public async Task Replay_SameToolCallInsideTheWindow_IsALoop(ReplayMode mode, int callsMade)
    {
        var settings = Looping(mode);

        var result = await ReplayAsync(
            settings,
            TraceText.Tool(0),
            TraceText.Tool(500),
            TraceText.Tool(999),
            TraceText.Model(1_000, "0.1")
        );

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
        var result = await ReplayAsync(
            Looping(ReplayMode.Reserve),
            TraceText.Tool(0, first),
            TraceText.Tool(500, first),
            TraceText.Tool(t, last)
        );

        Assert.Null(result.TerminatedBy);
    }

    [Fact]
    public async Task Replay_SameToolCallOfTwoAgents_IsNoLoop()
    {
        const string sub = ",\"agent\":\"sub1\"";

        var result = await ReplayAsync(
            Looping(ReplayMode.Reserve),
            TraceText.Tool(0),
            TraceText.Tool(1),
            TraceText.Tool(2, members: sub),
            TraceText.Tool(3, members: sub)
        );

        Assert.Null(result.TerminatedBy);
    }

    [Theory]
    [InlineData(ReplayMode.Reserve)]
    [InlineData(ReplayMode.Charge)]
    public async Task Replay_StuckRun_TripsByDefault(ReplayMode mode)
    {
        var settings = new ReplaySettings { Budget = Money.Parse("1.00"), Mode = mode };

        var result = await fixture.Replayer.ReplayAsync(
            TraceText.Sample(TraceText.Loops),
            settings,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(("loop_detected", 45, 41), (result.TerminatedBy, result.StoppedAtEvent, result.LoopWarningAtEvent));
    }

    [Fact]
    public async Task Replay_StuckRunAtFiveInAMinute_TripsEarlier()
    {
        var settings = new ReplaySettings
        {
            Budget = Money.Parse("1.00"),
            Loops = new LoopPolicy { Rule = new LoopRule { Calls = 5 } },
        };

        var result = await fixture.Replayer.ReplayAsync(
            TraceText.Sample(TraceText.Loops),
            settings,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(("loop_detected", 43), (result.TerminatedBy, result.StoppedAtEvent));
    }

    [Fact]
    public async Task Replay_SameCallsAtOneMoment_CountOnce()
    {
        var result = await ReplayAsync(
            Looping(ReplayMode.Reserve),
            TraceText.Tool(0),
            TraceText.Tool(0),
            TraceText.Tool(0),
            TraceText.Tool(500)
        );

        Assert.Null(result.TerminatedBy);
    }

    private static ReplaySettings Looping(ReplayMode mode) =>
        new()
        {
            Budget = Money.Parse("1.00"),
            Mode = mode,
            Loops = new LoopPolicy
            {
                Rule = new LoopRule { Calls = 3, Window = TimeSpan.FromSeconds(1) },
            },
        };

    private Task<ReplayResult> ReplayAsync(ReplaySettings settings, params string[] events) => fixture.ReplayAsync(settings, events);
}
