using System.Text;

namespace AgentBudget.Replay.Tests;

public sealed class TraceReaderTests
{
    [Fact]
    public async Task Read_RecordedRun_GivesHeaderAndEveryEvent()
    {
        var trace = await TraceReader.ReadAsync(TraceText.Sample(TraceText.Fits), TestContext.Current.CancellationToken);

        Assert.Equal(new DateTimeOffset(2025, 11, 18, 23, 35, 10, TimeSpan.Zero), trace.Start);
        Assert.Equal("mini-swe-agent 1.15 (SWE-bench Verified)", trace.Agent);
        Assert.Equal(26, trace.Events.Count);
        var call = trace.Events[0];
        Assert.Equal(1, call.Number);
        Assert.Equal(new TokenUsage(1397, 219) { Reasoning = 136 }, call.Call.Usage);
        Assert.Equal(Money.Parse("0.005422"), call.RecordedCost);
        Assert.Equal(0ul, call.Call.Fingerprint);
        Assert.NotEqual(0ul, trace.Events[1].Call.Fingerprint);
    }

    [Fact]
    public async Task Read_HeaderAlone_GivesARunWithoutEvents() => Assert.Empty((await ReadAsync(TraceText.Header)).Events);

    [Fact]
    public async Task Read_UsageWithAudioAndImages_GivesTheirCounts()
    {
        var trace = await ReadAsync(
            TraceText.Header,
            """{"t":0,"kind":"llm","model":"m","usage":{"input":9,"output":8,"input_audio":1,"output_audio":2,"input_image":3,"output_image":4}}"""
        );

        Assert.Equal(
            new TokenUsage(9, 8)
            {
                InputAudio = 1,
                OutputAudio = 2,
                InputImage = 3,
                OutputImage = 4,
            },
            Assert.Single(trace.Events).Call.Usage
        );
    }

    [Fact]
    public async Task Read_NoStart_StartsAtTheDefault() =>
        Assert.Equal(Trace.DefaultStart, (await ReadAsync("""{"format":1,"start":null}""")).Start);

    [Fact]
    public async Task Read_StartWithoutOffset_IsUtcWhereverTheTestRuns() =>
        Assert.Equal(
            new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            (await ReadAsync("""{"format":1,"start":"2026-03-01T12:00:00"}""")).Start
        );

    [Fact]
    public async Task Read_ByteOrderMarkCarriageReturnsAndBlankLines_AreNoEvents()
    {
        var trace = await ReadAsync("\uFEFF" + TraceText.Header + "\r", "", TraceText.Tool(5) + "\r", "  ", "");

        Assert.Single(trace.Events);
    }

    [Fact]
    public async Task Read_CostWithMoreDigitsThanMoneyHolds_IsRoundedUpOnce() =>
        Assert.Equal(
            Money.FromNanoDollars(2),
            (await ReadAsync(TraceText.Header, TraceText.Model(0, "0.0000000012"))).Events[0].RecordedCost
        );

    [Fact]
    public async Task Read_CostBeyondWhatDoublesHold_IsExact() =>
        Assert.Equal(
            "123456789.123456789",
            (await ReadAsync(TraceText.Header, TraceText.Model(0, "123456789.123456789"))).Events[0].RecordedCost!.Value.ToDecimalString()
        );

    [Fact]
    public async Task Read_CostInExponentForm_IsTheNumberThatJsonMeans() =>
        Assert.Equal(Money.Parse("0.0054"), (await ReadAsync(TraceText.Header, TraceText.Model(0, "5.4e-3"))).Events[0].RecordedCost);

    [Theory]
    [InlineData("""{"t":0,"kind":"llm"}""", "the header is missing")]
    [InlineData("""{"format":2}""", "this version reads format 1")]
    [InlineData("""{"format":"1"}""", "this version reads format 1")]
    [InlineData("[]", "a JSON object is expected")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"format":1,"start":"yesterday"}""", "\"start\"")]
    [InlineData("""{"format":1,"start":"9999-12-31T00:00:00Z"}""", "\"start\"")]
    [InlineData("""{"format":1,"start":5}""", "\"start\"")]
    [InlineData("""{"format":1,"agent":"a\u001bb"}""", "control character")]
    public async Task Read_WrongHeader_NamesFileLineAndProblem(string header, string problem) => await AssertWrongAsync(1, problem, header);

    [Theory]
    [InlineData("", "is empty")]
    public async Task Read_NothingAtAll_SaysSo(string text, string problem)
    {
        var exception = await Assert.ThrowsAsync<TraceException>(() => ReadAsync(text));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"t":0,"kind":"tool","tool":"bash""", "not valid JSON at byte")]
    [InlineData("""{"t":0,"kind":"llm","recorded_cost_usd":NaN}""", "not valid JSON")]
    [InlineData("""{"t":0,"kind":"tool","tool":"a","tool":"b"}""", "not valid JSON")]
    [InlineData("\"text\"", "a JSON object is expected")]
    [InlineData("""{"t":0}""", "\"kind\" is missing")]
    [InlineData("""{"t":0,"kind":"human"}""", "\"kind\" is \"human\"")]
    [InlineData("""{"kind":"tool","tool":"bash"}""", "\"t\" is missing")]
    [InlineData("""{"t":-1,"kind":"tool","tool":"bash"}""", "\"t\" is \"-1\"")]
    [InlineData("""{"t":1.5,"kind":"tool","tool":"bash"}""", "\"t\" is \"1.5\"")]
    [InlineData("""{"t":"1","kind":"tool","tool":"bash"}""", "whole number")]
    [InlineData("""{"t":99999999999999,"kind":"tool","tool":"bash"}""", "at most 3650 days")]
    [InlineData("""{"t":0,"kind":"tool"}""", "\"tool\" is missing")]
    [InlineData("""{"t":0,"kind":"tool","tool":" "}""", "\"tool\" is empty")]
    [InlineData("""{"t":0,"kind":"tool","tool":"\ud800"}""", "Unicode")]
    [InlineData("""{"t":0,"kind":"tool","tool":"bash","args":{}}""", "\"args\"")]
    [InlineData("""{"t":0,"kind":"llm","usage":7}""", "\"usage\"")]
    [InlineData("""{"t":0,"kind":"llm","usage":{"input":1}}""", "\"input\" and \"output\"")]
    [InlineData("""{"t":0,"kind":"llm","usage":{"input":1,"output":-1}}""", "\"output\" is \"-1\"")]
    [InlineData("""{"t":0,"kind":"llm","usage":{"input":1,"output":1,"cache_read":2}}""", "impossible")]
    [InlineData("""{"t":0,"kind":"llm","usage":{"input":9999999999999,"output":1}}""", "impossible")]
    [InlineData("""{"t":0,"kind":"llm","usage":{"input":1,"output":1,"cached":1}}""", "\"cached\"")]
    [InlineData("""{"t":0,"kind":"llm","recorded_cost_usd":-0.1}""", "must not be negative")]
    [InlineData("""{"t":0,"kind":"llm","recorded_cost_usd":"0.1"}""", "a number of dollars")]
    [InlineData("""{"t":0,"kind":"llm","recorded_cost_usd":1e400}""", "beyond")]
    [InlineData("""{"t":0,"kind":"llm","recorded_cost_usd":1000000001}""", "beyond")]
    public async Task Read_WrongEvent_NamesFileLineAndProblem(string line, string problem) =>
        await AssertWrongAsync(3, problem, TraceText.Header, TraceText.Tool(0), line);

    [Fact]
    public async Task Read_TimeGoingBack_IsAnError() =>
        await AssertWrongAsync(3, "before the 10 of the event above", TraceText.Header, TraceText.Tool(10), TraceText.Tool(9));

    [Fact]
    public async Task Read_LineOfTheGreatestLength_IsRead()
    {
        var room = Trace.MaxLineBytes - TraceText.Tool(0, "").Length;

        Assert.Single((await ReadAsync(TraceText.Header, TraceText.Tool(0, new string('x', room)))).Events);
    }

    [Fact]
    public async Task Read_LongerLine_IsRefusedWithoutHoldingIt()
    {
        var room = Trace.MaxLineBytes - TraceText.Tool(0, "").Length;

        await AssertWrongAsync(2, "longer than", TraceText.Header, TraceText.Tool(0, new string('x', room + 1)), TraceText.Tool(0));
    }

    [Fact]
    public async Task Read_OneEventTooMany_IsRefused()
    {
        var lines = Enumerable.Repeat("""{"t":0,"kind":"tool","tool":"a"}""", Trace.MaxEvents + 1).Prepend(TraceText.Header).ToArray();

        await AssertWrongAsync(Trace.MaxEvents + 2, "at most 100000 events", lines);
    }

    [Fact]
    public async Task Read_NoUtf8_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(TraceText.Header + "\n{\"t\":0,\"kind\":\"tool\",\"tool\":\"").Append((byte)0xFF).ToArray();

        var exception = await Assert.ThrowsAsync<TraceException>(() =>
            TraceReader.ReadAsync("x", new MemoryStream(bytes), TestContext.Current.CancellationToken)
        );

        Assert.Contains("line 2: the text is not UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_FolderOrMissingFile_SaysSo()
    {
        using var folder = new TempFolder();

        var isFolder = await Assert.ThrowsAsync<TraceException>(() =>
            TraceReader.ReadAsync(folder.Path, TestContext.Current.CancellationToken)
        );
        var isMissing = await Assert.ThrowsAsync<TraceException>(() =>
            TraceReader.ReadAsync(folder.Path + "/none.jsonl", TestContext.Current.CancellationToken)
        );

        Assert.Contains("is a folder", isFolder.Message, StringComparison.Ordinal);
        Assert.Contains("no such file", isMissing.Message, StringComparison.Ordinal);
    }

    private static Task<Trace> ReadAsync(params string[] lines) =>
        TraceReader.ReadAsync(
            "run.jsonl",
            new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))),
            TestContext.Current.CancellationToken
        );

    private static async Task AssertWrongAsync(int line, string problem, params string[] lines)
    {
        var exception = await Assert.ThrowsAsync<TraceException>(() => ReadAsync(lines));

        Assert.Equal(line, exception.Line);
        Assert.StartsWith($"run.jsonl, line {line}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }
}
