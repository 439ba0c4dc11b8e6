using System.Text.Json;

namespace AgentBudget.Replay.Tests;

/// <summary>Recorded runs that a person has read and labelled, under the shipped rules: stuck ones trip, healthy ones never.</summary>
public sealed class LabelledRunTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What is found, and where; nothing in all other runs.</summary>
    private static readonly Dictionary<string, (LoopVerdict Verdict, LoopKind Rule, int At, int WarnedAt)> Found = new()
    {
        ["mini-gemini3-sympy-sympy-15976"] = (LoopVerdict.Warned, LoopKind.Row, 46, 46),
        ["sweagent-sympy-sympy-16792"] = (LoopVerdict.Tripped, LoopKind.Stall, 62, 58),
        ["trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004"] = (LoopVerdict.Tripped, LoopKind.Stall, 45, 41),
        ["trae-vllm-0d243f2a"] = (LoopVerdict.Warned, LoopKind.Row, 76, 76),
        ["trae-vllm-19d98e0c"] = (LoopVerdict.Tripped, LoopKind.ModelOnly, 197, 193),
        ["trae-vllm-35fad35a"] = (LoopVerdict.Tripped, LoopKind.ModelOnly, 164, 131),
        ["trae-vllm-98f47f2a"] = (LoopVerdict.Tripped, LoopKind.ModelOnly, 172, 168),
    };

    public static TheoryData<string, string> Runs => [.. All.Select(run => (run.Name, run.Label))];

    public static TheoryData<string> HealthyRuns => [.. All.Where(run => run.Label == "ok").Select(run => run.Name)];

    private static IEnumerable<(string Name, string Label)> All =>
        Directory
            .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "labelled"), "*.jsonl")
            .Concat(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "traces"), "*.jsonl"))
            .Select(file => (Path.GetFileNameWithoutExtension(file), LabelOf(file)))
            .Order();

    [Fact]
    public void Runs_AreAllThere() =>
        Assert.Equal(
            [("ok", 29), ("stuck", 4), ("unknown", 3)],
            All.CountBy(run => run.Label).Select(label => (label.Key, label.Value)).Order()
        );

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Run_IsJudgedAsItsLabelSays(string name, string label)
    {
        var result = await LoopExaminer.ExamineAsync(FileOf(name), cancellationToken: Token);
        var expected = Found.TryGetValue(name, out var found) ? ((LoopVerdict, LoopKind?, int?, int?))found : default;
        Assert.Equal(expected, (result.Verdict, result.Evidence?.Rule, result.AtEvent, result.WarnedAtEvent));
        Assert.True(label != "ok" || result.Verdict != LoopVerdict.Tripped, result.Evidence?.Finding);
        if (label != "stuck")
            return;
        Assert.Equal(LoopVerdict.Tripped, result.Verdict);
        Assert.True(result.WarnedAtEvent < result.AtEvent, "it was not warned first");
        var isEarly = result.AtEvent < result.EventsTotal * 0.6m || result.SpentBefore.Dollars < result.FullCost.Dollars * 0.6m;
        Assert.True(isEarly, "it went on for too long");
    }

    // At that share it would be stopped.
    [Theory]
    [MemberData(nameof(HealthyRuns))]
    public async Task HealthyRun_WithTwiceItsCost_NeverSpendsHalfOfItInAMinute(string name)
    {
        var policy = LoopPolicy.Default with { Spend = new SpendRule { TripAt = SpendRule.Default.WarnAt } };
        var cost = (await LoopExaminer.ExamineAsync(FileOf(name), cancellationToken: Token)).FullCost;
        var budget = Money.FromNanoDollars(Math.Max(1, 2 * cost.NanoDollars));
        var result = await LoopExaminer.ExamineAsync(FileOf(name), policy, budget: budget, cancellationToken: Token);
        Assert.True(result.Verdict != LoopVerdict.Tripped, result.Evidence?.Finding);
        Assert.Null(result.ExhaustedAtEvent);
    }

    [Fact]
    public async Task StuckRunWithCosts_TripsBeforeSixtyPercentAreSpent()
    {
        var result = await LoopExaminer.ExamineAsync(TraceText.Sample(TraceText.Loops), cancellationToken: Token);
        Assert.Equal((LoopVerdict.Tripped, LoopKind.Stall, 45), (result.Verdict, result.Evidence!.Rule, result.AtEvent!.Value));
        Assert.Equal([35, 37, 39, 41, 43], result.Events);
        Assert.True(result.SpentBefore.NanoDollars * 10 < result.FullCost.NanoDollars * 6, $"{result.SpentBefore} of {result.FullCost}");
    }

    // Thresholds that only just hold would be chosen by the data at hand: with each of them lower, no healthy run may trip either.
    [Theory]
    [MemberData(nameof(HealthyRuns))]
    public async Task HealthyRun_WithTighterRules_StillGoesOn(string name)
    {
        var shipped = LoopPolicy.Default;
        var tighter = shipped with
        {
            Row = shipped.Row with { Calls = 5 },
            BlindRow = shipped.BlindRow with { Calls = 8 },
            Repeat = shipped.Repeat with { Calls = 6 },
            Stall = shipped.Stall with { Calls = 4 },
            SameFailure = shipped.SameFailure with { Calls = 10 },
            ModelOnly = shipped.ModelOnly with { Calls = 5 },
        };
        var result = await LoopExaminer.ExamineAsync(FileOf(name), tighter, cancellationToken: Token);
        Assert.True(result.Verdict != LoopVerdict.Tripped, result.Evidence?.Finding);
    }

    [Fact]
    public async Task StuckRun_ThroughGrains_StopsAtTheSameEvent()
    {
        var file = TraceText.Labelled("trae-vllm-35fad35a");
        var replayed = await fixture.Replayer.ReplayAsync(
            file,
            new ReplaySettings { Budget = Money.Parse("100") },
            cancellationToken: Token
        );
        var examined = await LoopExaminer.ExamineAsync(file, cancellationToken: Token);
        Assert.Equal(
            ("loop_detected", examined.AtEvent, examined.WarnedAtEvent),
            (replayed.TerminatedBy, replayed.StoppedAtEvent, replayed.LoopWarningAtEvent)
        );
        Assert.Equal(examined.SpentBefore, replayed.TotalSpent);
    }

    [Fact]
    public async Task UserMessages_ResetARun()
    {
        string[] turns =
        [
            .. Enumerable
                .Range(0, 30)
                .SelectMany(i =>
                    i % 5 == 0
                        ? new[] { $$"""{"t":{{i * 1000}},"kind":"user"}""", TraceText.Model(i * 1000, "0.01") }
                        : [TraceText.Model(i * 1000, "0.01")]
                ),
        ];
        using var folder = new TempFolder();
        var file = folder.File("run.jsonl", turns.Prepend(TraceText.Tool(0)).Prepend(TraceText.Header));
        var result = await LoopExaminer.ExamineAsync(file, cancellationToken: Token);
        Assert.Equal((LoopVerdict.None, Money.Parse("0.30")), (result.Verdict, result.FullCost));
    }

    private static string FileOf(string name) =>
        File.Exists(TraceText.Labelled(name)) ? TraceText.Labelled(name) : TraceText.Sample(name + ".jsonl");

    private static string LabelOf(string file)
    {
        using var header = JsonDocument.Parse(File.ReadLines(file).First());
        return header.RootElement.GetProperty("outcome").GetString()!;
    }
}
