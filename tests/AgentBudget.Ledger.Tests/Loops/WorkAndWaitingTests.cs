namespace AgentBudget.Ledger.Tests;

/// <summary>Kinds of work that look like a loop, and of loops that look like work.</summary>
public sealed class WorkAndWaitingTests
{
    private static readonly LoopPolicy NoMoney = LoopPolicy.Default with { Spend = new SpendRule { Enabled = false } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_AfterEachOfManyDifferentEdits_IsWork(bool fails)
    {
        var agent = new Agent(withModel: true);
        for (var i = 0; i < 30; i++)
        {
            Assert.True(agent.Tool("edit_file", $"step {i}", "done").IsGranted);
            Assert.True(agent.Tool("bash", "npm test", "1 failed", failed: fails).IsGranted);
        }

        Assert.Empty(agent.Warnings);
    }

    [Theory]
    [InlineData("read_file", false, false)]
    [InlineData("edit_file", true, false)]
    [InlineData("edit_file", false, true)]
    public void Check_WithReadsOrFailedOrOldEditsBetween_Trips(string between, bool fails, bool isTheSame)
    {
        var agent = new Agent(withModel: true);
        var checks = 0;
        for (var i = 0; agent.Tripped is null && i < 40; i++)
        {
            agent.Tool(between, isTheSame ? $"step {i % 2}" : $"step {i}", $"text {i}", failed: fails);
            if (agent.Tool("bash", "npm test", "1 failed", failed: true).IsGranted)
                checks++;
        }

        Assert.NotNull(agent.Tripped);
        Assert.InRange(checks, 2, 9);
    }

    [Fact]
    public void Check_AfterATool_ThatThePolicySaysChangesThings_IsWork()
    {
        var changes = new Dictionary<string, ToolLoops>
        {
            ["deploy"] = new() { Changes = true },
            ["edit_file"] = new() { Changes = false },
        };
        Assert.Null(Tripped("deploy"));
        Assert.NotNull(Tripped("edit_file"));

        LoopEvidence? Tripped(string between)
        {
            var agent = new Agent(NoMoney with { ByName = changes });
            for (var i = 0; i < 20; i++)
            {
                agent.Tool(between, $"{i}", $"done {i}");
                agent.Tool("status", "all", "red");
            }

            return agent.Tripped;
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(60)]
    [InlineData(31)]
    public void SameAnswer_AtLongIntervals_WarnsAndDoesNotTrip(int seconds)
    {
        var agent = new Agent();
        for (var i = 0; i < 60; i++)
        {
            Assert.True(agent.Tool("http_get", "job 7", "running").IsGranted);
            agent.Shell.WaitSeconds(seconds - 1);
        }

        Assert.NotEmpty(agent.Warnings);
    }

    [Fact]
    public void SameAnswer_AtIntervalsThatGrow_WarnsAndDoesNotTrip()
    {
        var agent = new Agent();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(agent.Tool("http_get", "job 7", "503 Service Unavailable", failed: true).IsGranted);
            agent.Shell.WaitSeconds(1 << Math.Min(i, 6));
        }

        Assert.NotEmpty(agent.Warnings);
    }

    [Fact]
    public void SameAnswer_AtShortIntervals_Trips()
    {
        var agent = new Agent();
        var calls = 0;
        while (agent.Tool("http_get", "job 7", "running").IsGranted && calls < 100)
        {
            calls++;
            agent.Shell.WaitSeconds(14);
        }

        Assert.Equal(5, calls);
    }

    [Fact]
    public void PollWithASleepBetween_WarnsAndDoesNotTrip()
    {
        var agent = new Agent();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(agent.Tool("sleep", "60", "").IsGranted);
            agent.Shell.WaitSeconds(60);
            Assert.True(agent.Tool("http_get", "job 7", "running").IsGranted);
        }
    }

    [Fact]
    public void Waiting_FarBeyondByCountOrMoney_Trips()
    {
        var byCount = new Agent(
            NoMoney with
            {
                Waiting = new WaitingRule { Calls = 20, Share = 0 },
            }
        );
        Assert.Equal(20, CallsUntilTripped(byCount, "0"));
        // A quarter of a budget of $100, at $5 a call, from the fourth on, which is warned about.
        Assert.Equal(9, CallsUntilTripped(new Agent(NoMoney), "5"));
        Assert.Equal(6, CallsUntilTripped(new Agent(NoMoney with { Waiting = new WaitingRule { Enabled = false } }), "0"));

        static int CallsUntilTripped(Agent agent, string cost)
        {
            for (var calls = 1; calls < 100; calls++)
            {
                if (!agent.Tool("http_get", "job 7", "running", cost).IsGranted)
                    return calls;
                agent.Shell.WaitSeconds(60);
            }

            return 0;
        }
    }

    [Fact]
    public void Failures_ThatQuoteTheArgument_AreAlike()
    {
        var agent = new Agent(withModel: true);
        var calls = 0;
        for (; calls < 30; calls++)
        {
            var arguments = $$"""{"command":"ls -l","dir_path":"packages/module{{calls:00}}"}""";
            var call = Call.Tool("shell", arguments);
            agent.Model();
            agent.Shell.WaitSeconds(1);
            var answer = agent.Shell.Reserve("0", call: call);
            if (!answer.IsGranted)
                break;
            var error = ResultFingerprint.OfFailure(
                $"Error: dir_path 'packages/module{calls:00}' is not registered (attempt took {calls} of 30)",
                arguments
            );
            agent.Shell.Settle(answer.ReservationId, "0", call: call with { Result = error, Failed = true });
        }

        Assert.Equal(19, calls);
    }

    [Fact]
    public void Failures_OfOtherKindsBetween_AreNotAlike()
    {
        var agent = new Agent();
        for (var i = 0; i < 60; i++)
        {
            var answer = agent.Tool(
                "ask",
                $"{i}",
                (i % 3) switch
                {
                    0 => "no such file",
                    1 => "permission denied",
                    _ => "syntax error",
                },
                failed: true
            );
            Assert.True(answer.IsGranted);
        }
    }

    [Fact]
    public void Counter_InTheResult_WarnsAndDoesNotTrip()
    {
        var agent = new Agent();
        for (var i = 0; i < 60; i++)
            Assert.True(agent.Tool("bash", "tail build.log", $"[{i:0000}] queue={i % 5} workers=4").IsGranted);
        Assert.Equal(LoopKind.CounterRow, Assert.Single(agent.Warnings).Rule);
    }

    [Fact]
    public void Counter_OfAttempts_IsNoNews()
    {
        var agent = new Agent();
        Assert.Equal(6, agent.UntilTripped(20, i => ("a", $"Attempt {i}: connection refused")));
    }

    [Theory]
    [InlineData("{0}% done")]
    [InlineData("{0}/50 files")]
    [InlineData("{0} of 50 files")]
    [InlineData("loaded mod{0}.dll")]
    public void Progress_InTheResult_IsNotEvenWarnedAbout(string form)
    {
        var agent = new Agent();
        for (var i = 0; i < 50; i++)
            Assert.True(agent.Tool("read_output", "all", form.Replace("{0}", $"{i}", StringComparison.Ordinal)).IsGranted);
        Assert.Empty(agent.Warnings);
    }

    [Fact]
    public void Money_HalfOfTheBudgetInAMinute_WarnsOnceAndTripsWhereSaid()
    {
        var warned = new Agent();
        for (var i = 0; i < 15; i++)
            Assert.True(warned.Tool("read", $"{i}", $"{i}", cost: "4.5").IsGranted);
        Assert.Equal(
            (LoopKind.Spend, LoopAction.Warn, 12),
            Assert.Single(warned.Warnings.Select(loop => (loop.Rule, loop.Action, loop.Count)))
        );

        var tripped = new Agent(
            LoopPolicy.Default with
            {
                Spend = new SpendRule { WarnAt = 0, TripAt = 0.5m },
            }
        );
        for (var i = 0; i < 11; i++)
            Assert.True(tripped.Tool("read", $"{i}", $"{i}", cost: "4.5").IsGranted);
        Assert.Equal(LoopKind.Spend, tripped.Tool("read", "12", "12", cost: "4.5").Refusal!.Loop!.Rule);
    }

    [Fact]
    public void Money_AFewDearCallsOrSlowOnes_IsNotWarnedAbout()
    {
        var few = new Agent();
        for (var i = 0; i < 3; i++)
            Assert.True(few.Tool("read", $"{i}", $"{i}", cost: "30").IsGranted);
        Assert.Empty(few.Warnings);

        var slow = new Agent();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(slow.Tool("read", $"{i}", $"{i}", cost: "4.5").IsGranted);
            slow.Shell.WaitSeconds(9);
        }

        Assert.Empty(slow.Warnings);
    }
}
