using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>What agents do, stuck and at work, under the shipped rules. Calls take a second each, model calls between them where
/// told.</summary>
public sealed class LoopScenarioTests
{
    [Fact]
    public void OneBelowTheThreshold_IsWarnedAndGoesOn()
    {
        var agent = new Agent();
        for (var i = 0; i < 5; i++)
            Assert.True(agent.Tool("edit", "a", "failed").IsGranted);
        Assert.Single(agent.Warnings);
        Assert.Equal((LoopKind.Row, LoopAction.Warn, 4), Facts(agent.Warnings[0]));
    }

    [Fact]
    public void AtTheThreshold_TripsBeforeTheCall()
    {
        var agent = new Agent();
        for (var i = 0; i < 5; i++)
            agent.Tool("edit", "a", "failed", cost: "0.10");
        var loop = agent.Tool("edit", "a", "failed", cost: "0.10").Refusal!.Loop!;
        Assert.Equal((LoopKind.Row, LoopAction.Trip, 6), Facts(loop));
        Assert.Equal((Usd("0.50"), 5), (loop.Spent, loop.Sequences.Count));
        Assert.Equal(Usd("0.50"), agent.Shell.Standing.Spent);
        Assert.Contains("6 times in a row", loop.Finding, StringComparison.Ordinal);
        Assert.Contains("operator", loop.Reset, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOrderAndNumberFormat_DoNotHideIt()
    {
        var agent = new Agent();
        for (var i = 0; i < 5; i++)
            agent.Call(Call.Tool("read", i % 2 == 0 ? """{"path":"./a//b","line":1}""" : """{ "line": 1.0, "path": "a/b" }"""), "same");
        Assert.Equal(6, agent.Call(Call.Tool("read", """{"line":1e0,"path":"a/b/"}"""), "same").Refusal!.Loop!.Count);
    }

    [Fact]
    public void UserMessage_Resets()
    {
        var agent = new Agent();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 5; i++)
                Assert.True(agent.Tool("edit", "a", "failed", afterUser: i == 0).IsGranted);
        }
    }

    [Fact]
    public void TwoAgentsInOneSession_DoNotShareAStreak()
    {
        var agent = new Agent();
        for (var i = 0; i < 5; i++)
        {
            Assert.True(agent.Tool("edit", "a", "failed", label: "one").IsGranted);
            Assert.True(agent.Tool("edit", "a", "failed", label: "two").IsGranted);
        }

        Assert.Equal("two", agent.Tool("edit", "a", "failed", label: "two").Refusal!.Loop!.Agent);
    }

    [Fact]
    public void IdenticalCallsInParallelInOneTurn_CountOnce()
    {
        var shell = Opened("100");
        for (var turn = 0; turn < 5; turn++)
        {
            var open = Enumerable.Range(0, 8).Select(_ => shell.Reserve("0", call: Edit)).ToArray();
            Assert.All(open, answer => Assert.True(answer.IsGranted));
            Assert.Equal(7, open.Count(answer => answer.Signals.HasFlag(EntrySignals.Concurrent)));
            foreach (var answer in open)
                shell.Settle(answer.ReservationId, "0", call: Edit with { Result = 1 });
            shell.WaitSeconds(1);
        }

        Assert.Equal(6, shell.Reserve("0", call: Edit).Refusal!.Loop!.Count);
    }

    [Fact]
    public void PollingWithAChangingResult_IsProgress()
    {
        var agent = new Agent();
        for (var i = 0; i < 100; i++)
            Assert.True(agent.Tool("status", "job", $"{i} of 100 done").IsGranted);
        Assert.Empty(agent.Warnings);
    }

    [Fact]
    public void PollingThatWasAskedFor_IsLeftAlone()
    {
        var polling = new Dictionary<string, ToolLoops> { ["status"] = new() { Matching = LoopMatching.Off } };
        var agent = new Agent(LoopPolicy.Default with { ByName = polling });
        for (var i = 0; i < 100; i++)
            Assert.True(agent.Tool("status", "job", "pending").IsGranted);
        Assert.Empty(agent.Warnings);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Cycle_ComesRound_Trips(int period)
    {
        var agent = new Agent();
        var calls = agent.UntilTripped(200, i => ($"step {i % period}", "same"));
        Assert.InRange(calls, 5, (2 * period) + 6);
        Assert.NotEmpty(agent.Warnings);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    public void Cycle_RuleAlone_NamesThePeriod(int period)
    {
        var agent = new Agent(Only(policy => policy with { Cycle = LoopPolicy.Default.Cycle }));
        Assert.Equal(3 * period, agent.UntilTripped(100, i => ($"step {i % period}", "same")));
        Assert.Equal((LoopKind.Cycle, period, 3), (agent.Tripped!.Rule, agent.Tripped.Period, agent.Tripped.Count));
    }

    [Fact]
    public void EditTestEditTest_WithOtherEditsAndResults_IsWork()
    {
        var agent = new Agent();
        for (var i = 0; i < 40; i++)
        {
            Assert.True(agent.Tool("edit", $"change {i}", "").IsGranted);
            Assert.True(agent.Tool("test", "all", $"{40 - i} failed").IsGranted);
        }

        Assert.Empty(agent.Warnings);
    }

    // The other elements still repeat with the same result; one that varies does not hide them for long.
    [Fact]
    public void CycleWithOneVaryingElement_TripsByWhatRepeats()
    {
        var agent = new Agent();
        var calls = agent.UntilTripped(200, i => (i % 3) == 2 ? ($"try {i}", "no") : ($"step {i % 3}", "same"));
        Assert.InRange(calls, 10, 30);
        Assert.Equal(LoopKind.Repeat, agent.Tripped!.Rule);
    }

    [Fact]
    public void ErrorsThatCarryATimeOrAProcessId_AreTheSame()
    {
        var agent = new Agent();
        var calls = agent.UntilTripped(
            20,
            i =>
                (
                    "a",
                    $"2026-03-01 12:00:{i:00}.123 [pid {4000 + i}] /tmp/tmpab{i:00}cdef/x: failed after {i}.5 s, request id: req-{i:0000}aa"
                )
        );
        Assert.Equal(6, calls);
    }

    [Fact]
    public void OneToolOver20Files_IsWork()
    {
        var agent = new Agent();
        for (var i = 0; i < 20; i++)
            Assert.True(agent.Tool("read", $"src/{i}.cs", $"text {i}").IsGranted);
        Assert.Empty(agent.Warnings);
    }

    [Fact]
    public void SameEmptyResultForOtherArguments_IsWork()
    {
        var agent = new Agent();
        for (var i = 0; i < 20; i++)
            Assert.True(agent.Tool("grep", $"word {i}", "").IsGranted);
        Assert.Empty(agent.Warnings);
        for (var i = 20; i < 60; i++)
            Assert.True(agent.Tool("grep", $"word {i}", "").IsGranted);
        Assert.Equal(LoopKind.SameResult, Assert.Single(agent.Warnings).Rule);
    }

    [Fact]
    public void SameFailureForOtherArguments_Trips()
    {
        var agent = new Agent();
        Assert.Equal(20, agent.UntilTripped(60, i => ($"host {i}", "401 unauthorized"), failed: true));
        Assert.Equal(LoopKind.SameFailure, agent.Tripped!.Rule);
    }

    [Fact]
    public void TextOnlyRepromptLoop_Trips()
    {
        var agent = new Agent();
        agent.Tool("todo", "plan", "ok");
        for (var i = 0; i < 9; i++)
            Assert.True(agent.Model("0.10").IsGranted);
        var loop = agent.Model("0.10").Refusal!.Loop!;
        Assert.Equal((LoopKind.ModelOnly, LoopAction.Trip, 10), Facts(loop));
        Assert.Equal(Usd("0.90"), loop.Spent);
        Assert.Equal((LoopKind.ModelOnly, 6), (Assert.Single(agent.Warnings).Rule, agent.Warnings[0].Count));
    }

    [Fact]
    public void PlainChat_NeverMeetsTheModelRule()
    {
        var agent = new Agent();
        for (var i = 0; i < 400; i++)
            Assert.True(agent.Model().IsGranted);
        Assert.Empty(agent.Warnings);
    }

    [Fact]
    public void ModelsInParallel_CountOnce()
    {
        var shell = Opened("100");
        shell.Charge("0", call: Edit);
        for (var turn = 0; turn < 5; turn++)
        {
            var open = Enumerable.Range(0, 10).Select(_ => shell.Reserve("0.01", call: Call.Model("gpt-5"))).ToArray();
            Assert.All(open, answer => Assert.True(answer.IsGranted));
            foreach (var answer in open)
                shell.Settle(answer.ReservationId, "0.01");
        }
    }

    [Fact]
    public void LoopRecoveryAndASecondLoop_AreFoundApart()
    {
        var agent = new Agent();
        for (var i = 0; i < 5; i++)
            Assert.True(agent.Tool("edit", "a", "failed").IsGranted);
        for (var i = 0; i < 5; i++)
            Assert.True(agent.Tool("edit", $"b{i}", $"done {i}").IsGranted);
        for (var i = 0; i < 5; i++)
            Assert.True(agent.Tool("edit", "c", "failed again").IsGranted);
        Assert.Equal(2, agent.Warnings.Count);
        var loop = agent.Tool("edit", "c", "failed again").Refusal!.Loop!;
        Assert.Equal((LoopKind.Row, LoopAction.Trip, 6), Facts(loop));
        Assert.Equal(EntrySignals.BreakerClosed, agent.Shell.Resume().Signals);
        Assert.True(agent.Tool("edit", "c", "failed again").IsGranted);
    }

    [Fact]
    public void RepeatsWithoutProgress_Stall()
    {
        var agent = new Agent(withModel: true);
        foreach (var step in new[] { "a", "b", "c", "d" })
            agent.Tool("ask", step, step);
        // No cycle and no row: the four files again, in another order each time.
        var order = "badcabdcbacd";
        Assert.Equal(6, agent.UntilTripped(12, i => (order[i].ToString(), order[i].ToString())));
        Assert.Equal(LoopKind.Stall, agent.Tripped!.Rule);
    }

    [Fact]
    public void ReadingAllAgainInOneTurn_IsOneTurn()
    {
        var agent = new Agent();
        for (var i = 0; i < 12; i++)
        {
            agent.Model();
            agent.Tool("read", $"{i}.cs", $"text {i}");
        }

        agent.Model();
        for (var i = 11; i >= 0; i--)
            Assert.True(agent.Tool("read", $"{i}.cs", $"text {i}").IsGranted);
        Assert.Empty(agent.Warnings);
    }

    private static readonly Call Edit = Call.Tool("edit", """{"old":"a","new":"b"}""");

    private static (LoopKind Rule, LoopAction Action, int Count) Facts(LoopEvidence loop) => (loop.Rule, loop.Action, loop.Count);

    internal static LoopPolicy Only(Func<LoopPolicy, LoopPolicy> with)
    {
        var off = new LoopRule { Enabled = false };
        return with(
            new LoopPolicy
            {
                Rule = off,
                Row = off,
                BlindRow = off,
                Repeat = off,
                Cycle = off,
                Stall = off,
                SameResult = off,
                SameFailure = off,
                ModelOnly = off,
            }
        );
    }
}
