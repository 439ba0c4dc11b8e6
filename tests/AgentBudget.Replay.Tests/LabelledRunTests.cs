namespace AgentBudget.Replay.Tests;

/// <summary>Recorded runs that a person has read and labelled, under the shipped rules: stuck ones trip, healthy ones never.</summary>
public sealed class LabelledRunTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sweagent-sympy-sympy-16792", LoopKind.Stall, 62)]
    [InlineData("trae-vllm-35fad35a", LoopKind.ModelOnly, 164)]
    [InlineData("trae-vllm-98f47f2a", LoopKind.ModelOnly, 172)]
    public async Task StuckRun_Trips(string name, LoopKind rule, int atEvent)
    {
        var result = await LoopExaminer.ExamineAsync(TraceText.Labelled(name), cancellationToken: Token);
        Assert.Equal((LoopVerdict.Tripped, rule, atEvent), (result.Verdict, result.Evidence!.Rule, result.AtEvent!.Value));
        Assert.True(result.WarnedAtEvent < result.AtEvent, "it was not warned first");
        Assert.True(result.AtEvent < result.EventsTotal * 0.6m, "it went on for too long");
    }

    [Fact]
    public async Task StuckRunWithCosts_TripsBeforeSixtyPercentAreSpent()
    {
        var result = await LoopExaminer.ExamineAsync(TraceText.Sample(TraceText.Loops), cancellationToken: Token);
        Assert.Equal((LoopVerdict.Tripped, LoopKind.Stall, 45), (result.Verdict, result.Evidence!.Rule, result.AtEvent!.Value));
        Assert.Equal([35, 37, 39, 41, 43], result.Events);
        Assert.True(result.SpentBefore.NanoDollars * 10 < result.FullCost.NanoDollars * 6, $"{result.SpentBefore} of {result.FullCost}");
    }

    [Theory]
    [InlineData("mini-gemini3-django-django-13297", LoopVerdict.None)]
    [InlineData("mini-gemini3-django-django-15280", LoopVerdict.None)]
    [InlineData("mini-gemini3-django-django-16560", LoopVerdict.None)]
    [InlineData("mini-gemini3-matplotlib-matplotlib-24177", LoopVerdict.None)]
    [InlineData("mini-gemini3-pylint-dev-pylint-6528", LoopVerdict.None)]
    [InlineData("mini-gemini3-sphinx-doc-sphinx-8595", LoopVerdict.None)]
    [InlineData("mini-gemini3-sympy-sympy-15976", LoopVerdict.Warned)]
    [InlineData("openhands-llama4-1", LoopVerdict.None)]
    [InlineData("claudecode-4d5611e5", LoopVerdict.None)]
    [InlineData("claudecode-fa812bfe", LoopVerdict.None)]
    [InlineData("trae-vllm-4fb56914", LoopVerdict.None)]
    [InlineData("sweagent-pylint-dev-pylint-4970", LoopVerdict.None)]
    [InlineData("trae-vllm-0d243f2a", LoopVerdict.Warned)]
    public async Task HealthyOrUndecidedRun_GoesOn(string name, LoopVerdict verdict) =>
        Assert.Equal(verdict, (await LoopExaminer.ExamineAsync(TraceText.Labelled(name), cancellationToken: Token)).Verdict);

    // Thresholds that only just hold would be chosen by the data at hand: with each of them lower, no healthy run may trip either.
    [Theory]
    [InlineData("mini-gemini3-sphinx-doc-sphinx-8595")]
    [InlineData("mini-gemini3-matplotlib-matplotlib-24177")]
    [InlineData("mini-gemini3-sympy-sympy-15976")]
    [InlineData("openhands-llama4-1")]
    [InlineData("claudecode-4d5611e5")]
    [InlineData("claudecode-fa812bfe")]
    [InlineData("trae-vllm-4fb56914")]
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
        var result = await LoopExaminer.ExamineAsync(TraceText.Labelled(name), tighter, cancellationToken: Token);
        Assert.True(result.Verdict != LoopVerdict.Tripped, result.Evidence?.Finding);
    }

    [Fact]
    public async Task StuckRun_ThroughGrains_StopsAtTheSameEvent()
    {
        var file = TraceText.Labelled("trae-vllm-35fad35a");
        var lines = (await File.ReadAllLinesAsync(file, Token)).Select(line =>
            line.Replace("\"kind\":\"llm\"", "\"kind\":\"llm\",\"recorded_cost_usd\":0.01", StringComparison.Ordinal)
        );
        using var folder = new TempFolder();
        var priced = folder.File("run.jsonl", lines);
        var replayed = await fixture.Replayer.ReplayAsync(
            priced,
            new ReplaySettings { Budget = Money.Parse("100") },
            cancellationToken: Token
        );
        var examined = await LoopExaminer.ExamineAsync(priced, cancellationToken: Token);
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
}
