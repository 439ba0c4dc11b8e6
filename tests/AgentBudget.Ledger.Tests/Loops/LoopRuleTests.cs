using CsCheck;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>Rules set by hand: the ladder, ceilings, similar arguments; and what must hold of any of them.</summary>
public sealed class LoopRuleTests
{
    [Fact]
    public void Ladder_WarnsThenSlowsThenTrips()
    {
        var row = new LoopRule
        {
            WarnAt = 2,
            ThrottleAt = 3,
            Calls = 4,
            ThrottleFor = Seconds(30),
            Window = Minutes(10),
        };
        var agent = new Agent(LoopScenarioTests.Only(policy => policy with { Row = row }));
        agent.Tool("edit", "a", "no");
        Assert.Equal(EntrySignals.LoopWarning, agent.Tool("edit", "a", "no").Signals);

        var slowed = agent.Tool("edit", "a", "no");
        Assert.Equal((RefusalReason.Throttled, Seconds(29)), (slowed.Reason(), slowed.Refusal!.RetryAfter!.Value));
        Assert.Equal(BreakerState.Closed, agent.Shell.Standing.Breaker.State);
        agent.Shell.Wait(Seconds(29));
        Assert.True(agent.Tool("edit", "a", "no").IsGranted);
        Assert.Equal(RefusalReason.LoopDetected, agent.Tool("edit", "a", "no").Reason());
    }

    [Fact]
    public void Rate_OfCalls_MakesTheNextOneWait()
    {
        var agent = new Agent(
            LoopScenarioTests.Only(policy =>
                policy with
                {
                    Rate = new RateCeiling { Calls = 3, Window = Seconds(60) },
                }
            )
        );
        for (var i = 0; i < 3; i++)
            Assert.True(agent.Tool("read", $"{i}", "x").IsGranted);
        var slowed = agent.Tool("read", "3", "x");
        Assert.Equal((RefusalReason.Throttled, Seconds(57)), (slowed.Reason(), slowed.Refusal!.RetryAfter!.Value));
        agent.Shell.Wait(Seconds(57));
        Assert.True(agent.Tool("read", "3", "x").IsGranted);
    }

    [Fact]
    public void Rate_OfDollars_CountsWhatIsAskedFor()
    {
        var rate = new RateCeiling
        {
            Spend = Usd("1.00"),
            Window = Seconds(60),
            Action = LoopAction.Trip,
        };
        var agent = new Agent(LoopScenarioTests.Only(policy => policy with { Rate = rate }));
        Assert.True(agent.Tool("a", "1", "x", cost: "0.60").IsGranted);
        Assert.True(agent.Tool("b", "2", "x", cost: "0.40").IsGranted);
        Assert.Equal(RefusalReason.LoopDetected, agent.Tool("c", "3", "x", cost: "0.01").Reason());
    }

    [Fact]
    public void Similar_Arguments_CountForAToolThatSaysSo()
    {
        var similar = new Dictionary<string, ToolLoops>
        {
            ["search"] = new() { Matching = LoopMatching.Similar, Similarity = 0.7m },
        };
        var agent = new Agent(LoopPolicy.Default with { ByName = similar });
        var words =
            "please look for the price of the model called gemini in the table of all the prices that the project keeps since last year "
            + "attempt number";
        for (var i = 0; i < 5; i++)
            Assert.True(agent.Tool("search", $"{words} {i}", "nothing").IsGranted);
        Assert.Equal(LoopKind.Row, agent.Tool("search", $"{words} 5", "nothing").Refusal!.Loop!.Rule);

        var exact = new Agent();
        for (var i = 0; i < 20; i++)
            Assert.True(exact.Tool("search", $"{words} {i}", $"{i}").IsGranted);
    }

    [Theory]
    [InlineData("read the file src/one.cs", "read the file src/one.cs", 64, 64)]
    [InlineData("alpha beta gamma delta epsilon zeta eta theta", "iota kappa lambda mu nu xi omicron pi", 18, 46)]
    public void Sketch_SharesBitsAsWordsAreShared(string left, string right, int least, int most) =>
        Assert.InRange(64 - System.Numerics.BitOperations.PopCount(ArgumentSketch.Of(left) ^ ArgumentSketch.Of(right)), least, most);

    [Fact]
    public void FailedCalls_ReportedByTheirRelease_AreALoop()
    {
        var shell = Opened("100");
        var call = Call.Tool("fetch", "{}");
        for (var i = 0; i < 5; i++)
        {
            var reserved = shell.Reserve("0.01", call: call);
            Assert.True(reserved.IsGranted);
            shell.Run(new ReleaseCommand { ReservationId = reserved.ReservationId, Error = 42 });
            shell.WaitSeconds(20);
        }

        Assert.Equal((LoopKind.Row, 6), (shell.Reserve("0.01", call: call).Refusal!.Loop!.Rule, 6));
    }

    // Whatever stuck work is under way: a call that nobody made before, by name and arguments, is not what trips it.
    [Fact]
    public void UnrelatedCall_NeverTrips() =>
        Check.Sample(
            Gen.Select(Gen.Int[0, 4].Array[1, 60], Gen.Int[0, 2].Array[60], Gen.ULong),
            sample =>
            {
                var (calls, results, unrelated) = sample;
                var shell = Opened("100");
                for (var i = 0; i < calls.Length; i++)
                {
                    var call = new Call
                    {
                        Kind = CallKind.Tool,
                        Name = "t",
                        Fingerprint = (ulong)calls[i] + 1,
                        Result = (ulong)results[i],
                    };
                    if (shell.Charge("0", call: call).Signals.HasFlag(EntrySignals.BreakerOpened))
                        break;
                    shell.WaitSeconds(5);
                }

                if (shell.Standing.Breaker.State != BreakerState.Closed)
                    return;
                var fresh = new Call
                {
                    Kind = CallKind.Tool,
                    Name = "u",
                    Fingerprint = unrelated | (1UL << 40),
                };
                Assert.True(shell.Reserve("0", call: fresh).IsGranted);
            },
            iter: 2_000
        );

    [Fact]
    public void PermutedKeys_NeverChangeAFingerprint() =>
        Check.Sample(
            Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 8].Array[1, 10], Gen.Int[-1000, 1000].Array[10], Gen.Int),
            sample =>
            {
                var (names, values, seed) = sample;
                var properties = names.Distinct().Select((name, i) => $"\"{name}\":{{\"v\":{values[i]},\"a\":[{values[i]}]}}").ToArray();
                var shuffled = (string[])properties.Clone();
                new Random(seed).Shuffle(shuffled);
                Assert.Equal(
                    CallFingerprint.Of("t", $"{{{string.Join(',', properties)}}}"),
                    CallFingerprint.Of("t", $"{{ {string.Join(" , ", shuffled)} }}")
                );
            },
            iter: 2_000
        );
}
