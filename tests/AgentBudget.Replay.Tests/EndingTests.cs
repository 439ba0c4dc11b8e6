using AgentBudget.Cli.Terminal;

namespace AgentBudget.Replay.Tests;

public sealed class EndingTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    [Theory]
    [InlineData("1.00", ReplayMode.Reserve, "The run came to its end within its budget.")]
    [InlineData(
        "0.30",
        ReplayMode.Reserve,
        "At event 2 of 2, 0:00:01 into the run: Stopped at its hard limit: test-model would have cost $0.20 with $0.10 left, so the call "
            + "was not made."
    )]
    [InlineData(
        "0.30",
        ReplayMode.Charge,
        "At event 2 of 2, 0:00:01 into the run: Stopped at its hard limit: test-model cost $0.20, which went $0.10 over the budget of "
            + "$0.30."
    )]
    [InlineData(
        "0.10",
        ReplayMode.Reserve,
        "At event 1 of 2, 0:00:00 into the run: Stopped: the next call costs more than the whole budget, so it was not made."
    )]
    public async Task Describe_Result_SaysWhereAndWhy(string budget, ReplayMode mode, string expected)
    {
        var result = await ReplayAsync(
            new() { Budget = Money.Parse(budget), Mode = mode },
            TraceText.Model(0, "0.2"),
            TraceText.Model(1_000, "0.2")
        );

        Assert.Equal(expected, Ending.Describe(result));
    }

    [Fact]
    public async Task Describe_Loop_NamesTheCall()
    {
        var settings = new ReplaySettings
        {
            Budget = Money.Parse("1.00"),
            Loops = new LoopPolicy { Rule = new LoopRule { Calls = 2 } },
        };

        var result = await ReplayAsync(settings, TraceText.Tool(0), TraceText.Tool(1));

        Assert.EndsWith(
            "Stopped for a loop: bash was called 2 times with the same arguments within 60 seconds, for $0.00; the last of these calls "
                + "was not made.",
            Ending.Describe(result),
            StringComparison.Ordinal
        );
    }

    private Task<ReplayResult> ReplayAsync(ReplaySettings settings, params string[] events) => fixture.ReplayAsync(settings, events);
}
