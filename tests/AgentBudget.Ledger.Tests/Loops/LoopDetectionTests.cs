using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class LoopDetectionTests
{
    private static readonly Call Search = Call.Tool("search", """{"q":"orleans"}""");

    [Fact]
    public void Loop_ByDefault_TripsAtTheTenthSameCallWithinAMinute()
    {
        var shell = Opened("100");
        for (var i = 0; i < 9; i++)
            Assert.True(Made(shell).IsGranted);

        var refused = shell.Reserve("0.01", call: Search);

        Assert.Equal(RefusalReason.LoopDetected, refused.Reason());
        var loop = refused.Refusal!.Loop!;
        Assert.Equal(
            (LoopKind.Window, LoopAction.Trip, "search", Search.Fingerprint),
            (loop.Rule, loop.Action, loop.Name, loop.Fingerprint)
        );
        Assert.Equal((10, 60, Usd("0.09")), (loop.Count, loop.WindowSeconds, loop.Spent));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => 2L + (2 * i)), loop.Sequences);
        Assert.Equal((EntryKind.BreakerOpened, OpenReason.LoopDetected), (shell.Last.Kind, shell.Last.OpenReason));
        Assert.Equal(loop, shell.Last.Loop);
    }

    [Fact]
    public void Loop_OneBelowTheThreshold_IsWork()
    {
        var shell = WithLoop(calls: 3);
        Made(shell, "0.01", Search);
        Assert.True(Made(shell, "0.01", Search).IsGranted);
        Assert.Equal(BreakerState.Closed, shell.Standing.Breaker.State);
    }

    [Theory]
    [InlineData(9.999, true)]
    [InlineData(10, false)]
    public void Loop_AtTheEdgeOfTheWindow_CountsWhatIsWithin(double seconds, bool isLoop)
    {
        var shell = WithLoop(calls: 2, windowSeconds: 10);
        Made(shell, "0.01", Search);
        shell.WaitSeconds(seconds);
        Assert.Equal(isLoop, !shell.Reserve("0.01", call: Search).IsGranted);
    }

    [Fact]
    public void Loop_FreeCalls_TakePart()
    {
        var shell = WithLoop(calls: 2);
        Assert.True(Made(shell, "0", Search).IsGranted);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0", call: Search).Reason());
    }

    [Fact]
    public void Loop_SameToolWithOtherArguments_IsWork()
    {
        var shell = WithLoop(calls: 2);
        for (var i = 0; i < 20; i++)
            Assert.True(shell.Reserve("0.01", call: Call.Tool("read", $$"""{"path":"src/{{i}}.cs"}""")).IsGranted);
    }

    [Fact]
    public void Loop_KeyOrderAndNumberFormat_DoNotHideIt()
    {
        var shell = WithLoop(calls: 2);
        Made(shell, "0.01", Call.Tool("read", """{"path":"a","line":1}"""));
        Assert.Equal(
            RefusalReason.LoopDetected,
            shell.Reserve("0.01", call: Call.Tool("read", """{ "line": 1.0, "path": "a" }""")).Reason()
        );
    }

    [Fact]
    public void Loop_CallsWithoutFingerprint_NeverMatch()
    {
        var shell = WithLoop(calls: 2);
        for (var i = 0; i < 20; i++)
            Assert.True(shell.Reserve("0", call: Call.Tool("search")).IsGranted);
        var chat = WithLoop(calls: 2);
        for (var i = 0; i < 20; i++)
            Assert.Equal(EntrySignals.None, chat.Charge("0", call: Call.Model("gpt-5")).Signals);
    }

    [Fact]
    public void Loop_TwoAgents_DoNotShareAStreak()
    {
        var shell = WithLoop(calls: 2);
        Assert.True(Made(shell, "0.01", Search with { Agent = "planner" }).IsGranted);
        Assert.True(Made(shell, "0.01", Search with { Agent = "writer" }).IsGranted);
        Assert.True(Made(shell, "0.01", Search).IsGranted);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0.01", call: Search with { Agent = "writer" }).Reason());
    }

    [Fact]
    public void Loop_TwoSharedChildren_DoNotShareAStreak()
    {
        var shell = WithLoop(calls: 2);
        shell.OpenShared("one");
        shell.OpenShared("two");
        Assert.True(Made(shell, "0.01", Search, "one").IsGranted);
        Assert.True(Made(shell, "0.01", Search, "two").IsGranted);
        Assert.True(Made(shell, "0.01", Search).IsGranted);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0.01", child: "two", call: Search).Reason());
    }

    [Fact]
    public void Loop_RuleOfATool_GoesBeforeTheGeneralOne()
    {
        var poll = Call.Tool("poll", "{}");
        var shell = Opened(
            "100",
            options =>
                options with
                {
                    Loops = new LoopPolicy
                    {
                        Rule = new LoopRule { Calls = 2 },
                        ByName = new Dictionary<string, ToolLoops>
                        {
                            ["poll"] = new() { Rule = new LoopRule { Calls = 4 } },
                            ["wait"] = new() { Matching = LoopMatching.Off },
                        },
                    },
                }
        );
        for (var i = 0; i < 3; i++)
            Assert.True(Made(shell, "0", poll).IsGranted);
        for (var i = 0; i < 9; i++)
            Assert.True(shell.Reserve("0", call: Call.Tool("wait", "{}")).IsGranted);
        Assert.Equal(4, shell.Reserve("0", call: poll).Refusal!.Loop!.Count);
    }

    [Fact]
    public void Loop_PolicyOff_NeverTrips()
    {
        var shell = Opened("100", options => options with { Loops = LoopPolicy.Off });
        for (var i = 0; i < 50; i++)
            Assert.True(Made(shell, "0", Search).IsGranted);
    }

    [Fact]
    public void Loop_CompletedByACharge_IsRecordedAndThenTrips()
    {
        var shell = WithLoop(calls: 2);
        shell.Charge("0.10", call: Search);

        var answer = shell.Charge("0.20", call: Search);

        Assert.True(answer.IsGranted);
        Assert.Equal(EntrySignals.BreakerOpened, answer.Signals);
        Assert.Equal((OpenReason.LoopDetected, 2), (shell.Last.OpenReason, shell.Last.Loop!.Count));
        Assert.Equal(Usd("0.30"), shell.Standing.Spent);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0", call: Call.Tool("other")).Reason());
    }

    [Fact]
    public void Loop_IsCheckedBeforeMoney()
    {
        var shell = WithLoop(calls: 2);
        Made(shell, "0", Search);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("500", call: Search).Reason());
    }

    [Fact]
    public void Loop_OpenBreaker_IsNotPassedByAFinalCallOrATopUp()
    {
        var shell = WithLoop(calls: 2);
        Made(shell, "0", Search);
        Made(shell, "0", Search);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0", final: true, call: Call.Model("gpt-5")).Reason());
        Assert.Equal(EntrySignals.None, shell.TopUp("5").Signals);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0", call: Call.Model("gpt-5")).Reason());
    }

    [Fact]
    public void Loop_Resumed_StartsCountingAnew()
    {
        var shell = WithLoop(calls: 3);
        for (var i = 0; i < 3; i++)
            Made(shell, "0", Search);
        Assert.Equal(EntrySignals.BreakerClosed, shell.Resume().Signals);

        Assert.True(Made(shell, "0", Search).IsGranted);
        shell.Reload();
        Assert.True(Made(shell, "0", Search).IsGranted);
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0", call: Search).Reason());
    }

    [Fact]
    public void Loop_AnotherActivation_ReachesTheSameVerdict()
    {
        var shell = WithLoop(calls: 4, windowSeconds: 30);
        for (var i = 0; i < 3; i++)
        {
            Made(shell, "0", Search);
            shell.WaitSeconds(9);
            shell.Reload();
        }

        Assert.Equal(4, shell.Reserve("0", call: Search).Refusal!.Loop!.Count);
    }

    [Fact]
    public void Loop_RefusedCalls_DoNotCount()
    {
        var shell = WithLoop(calls: 3);
        for (var i = 0; i < 5; i++)
            Assert.Equal(RefusalReason.TooLarge, shell.Reserve("500", call: Search).Reason());
        Assert.True(Made(shell, "0", Search).IsGranted);
    }

    // Regression: a reservation that was settled after it had expired counted twice, once as reserved and once as charged late.
    [Fact]
    public void Loop_ReservationSettledLate_CountsOnce()
    {
        var shell = WithLoop(calls: 3);
        var reserved = shell.Reserve("0.01", timeToLive: Seconds(1), call: Search);
        shell.WaitSeconds(2);
        shell.Sweep();
        shell.Settle(reserved.ReservationId, "0.01");

        Assert.True(Made(shell, "0.01", Search).IsGranted);
        Assert.Equal(3, shell.Reserve("0.01", call: Search).Refusal!.Loop!.Count);
    }

    private static SessionAnswer Made(SessionShell shell, string amount = "0.01", Call? call = null, string? child = null)
    {
        var answer = shell.Reserve(amount, child: child, call: call ?? Search);
        if (answer.IsGranted)
            shell.Settle(answer.ReservationId, amount);
        return answer;
    }

    private static SessionShell WithLoop(int calls, int windowSeconds = 60) =>
        Opened(
            "100",
            options =>
                options with
                {
                    Loops = new LoopPolicy
                    {
                        Rule = new LoopRule { Calls = calls, Window = Seconds(windowSeconds) },
                    },
                }
        );
}
