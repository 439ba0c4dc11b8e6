namespace AgentBudget.Replay.Tests;

/// <summary>What a record says of a result: a hash, or the text itself, which is read as the client reads it.</summary>
public sealed class RecordedResultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{0}")]
    [InlineData("10{0}")]
    [InlineData("{0} rows")]
    public async Task Result_OfANumberOrAShortWord_IsText(string form)
    {
        var results = Enumerable.Range(10, 20).Select(i => form.Replace("{0}", $"{i}", StringComparison.Ordinal)).ToArray();
        var examined = await ExamineAsync([.. results.Select((text, i) => Line(i, text, "true"))]);
        Assert.Equal((LoopVerdict.Warned, LoopKind.CounterRow), (examined.Verdict, examined.Evidence?.Rule));
    }

    [Fact]
    public async Task Result_OfSixteenHexDigits_IsAHash()
    {
        var examined = await ExamineAsync([.. Enumerable.Range(10, 20).Select(i => Line(i, $"00000000000000{i}", "true"))]);
        Assert.Equal(LoopVerdict.None, examined.Verdict);
        var same = await ExamineAsync([.. Enumerable.Range(10, 20).Select(i => Line(i, "0123456789abcdef", "true"))]);
        Assert.Equal((LoopVerdict.Tripped, LoopKind.Row, 6), (same.Verdict, same.Evidence!.Rule, same.AtEvent!.Value));
    }

    // The client knows of a function that returned only that it returned.
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData(null)]
    public async Task Result_ThatReadsLikeAnError_IsAFailure_WhateverTheToolSaid(string? ok)
    {
        var lines = Enumerable.Range(10, 30).Select(i => Line(i, $"Error: no such file '/work/part{i}.txt'", ok, $$"""{"path":"{{i}}"}"""));
        var examined = await ExamineAsync([.. lines]);
        Assert.Equal((LoopVerdict.Tripped, LoopKind.SameFailure, 20), (examined.Verdict, examined.Evidence?.Rule, examined.AtEvent));
    }

    private static string Line(int i, string text, string? ok, string args = "{}") =>
        TraceText.Tool(i * 1000, args, $""","result_sha":"{text}"{(ok is null ? "" : $",\"ok\":{ok}")}""");

    private static async Task<LoopResult> ExamineAsync(string[] lines)
    {
        using var folder = new TempFolder();
        return await LoopExaminer.ExamineAsync(folder.File("run.jsonl", lines.Prepend(TraceText.Header)), cancellationToken: Token);
    }
}
