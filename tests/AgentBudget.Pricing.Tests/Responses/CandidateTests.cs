using System.Text;

namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>Streams of calls that asked for several answers: the first that stops is not the end.</summary>
public class CandidateTests
{
    [Fact]
    public void Stream_OfTwoCandidatesOfGemini_IsFinalWhenBothHaveStopped()
    {
        var reader = new ResponseReader();
        Append(
            reader,
            """{"candidates":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]},"index":1}],"modelVersion":"gemini-2.5-flash"}"""
        );
        Append(reader, """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":7}}""");
        Assert.Equal((UsageCompleteness.Partial, false), (reader.Usage.Completeness, reader.Usage.IsStopped));

        Append(
            reader,
            """{"candidates":[{"content":{"parts":[{"text":"c"}]},"index":1}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":8}}"""
        );
        Assert.Equal(UsageCompleteness.Partial, reader.Usage.Completeness);
        Append(
            reader,
            """{"candidates":[{"finishReason":"STOP","index":1}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":9}}"""
        );

        Assert.Equal((UsageCompleteness.Final, true), (reader.Usage.Completeness, reader.Usage.IsStopped));
        Assert.Equal(new TokenUsage(5, 9), reader.Usage.Usage);
    }

    // Nothing in a response says how many were asked for.
    [Fact]
    public void Stream_OfACandidateThatAppearsBehindTheEnd_IsNotFinalAnyMore()
    {
        var reader = new ResponseReader();
        Append(reader, """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":7}}""");
        Assert.True(reader.IsFinal);

        Append(reader, """{"candidates":[{"index":1,"content":{}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":8}}""");

        Assert.Equal((UsageCompleteness.Partial, false), (reader.Usage.Completeness, reader.Usage.IsStopped));
    }

    [Fact]
    public void Stream_OfTwoChoices_IsStoppedWhenBothAreAndFinalAtItsEnd()
    {
        var reader = new ResponseReader();
        Append(reader, """{"model":"gpt-5","choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}""");
        Append(reader, """{"model":"gpt-5","choices":[{"index":1,"delta":{"content":"b"}}],"usage":null}""");
        Append(reader, """{"model":"gpt-5","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""");
        Assert.False(reader.Usage.IsStopped);
        Append(reader, """{"model":"gpt-5","choices":[{"index":1,"delta":{},"finish_reason":"stop"}],"usage":null}""");
        Assert.True(reader.Usage.IsStopped);

        Append(reader, """{"model":"gpt-5","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}""");
        Assert.False(reader.IsFinal);
        reader.Append("data: [DONE]\n\n"u8);

        Assert.True(reader.IsFinal);
    }

    // Those shared a bit: the first that stopped seemed to be all of them.
    [Theory]
    [InlineData(61, true)]
    [InlineData(62, false)]
    [InlineData(63, false)]
    [InlineData(127, false)]
    public void Stream_OfMoreAnswersThanAreToldApart_IsNeverFinalByTheirStops(int last, bool isFinal)
    {
        var reader = new ResponseReader(new ResponseOrigin("perplexity"));
        for (var index = 0; index <= last; index++)
            Append(reader, Choice(index, """ "delta": { "content": "a" } """));
        for (var index = 0; index <= last; index++)
        {
            Assert.False(reader.IsFinal);
            Append(reader, Choice(index, """ "finish_reason": "stop" """));
        }

        Assert.Equal((isFinal, isFinal), (reader.IsFinal, reader.Usage.IsStopped));
        reader.Append("data: [DONE]\n\n"u8);
        Assert.True(reader.IsFinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public void Stream_OfAnAnswerWhoseIndexIsNone_IsNotFinalByItsStop(string index)
    {
        var reader = new ResponseReader(new ResponseOrigin("perplexity"));
        Append(reader, Choice(index, """ "finish_reason": "stop" """));
        Assert.Equal(UsageCompleteness.Partial, reader.Usage.Completeness);
    }

    private static string Choice(object index, string rest) =>
        $$"""{ "choices": [ { "index": {{index}}, {{rest}} } ], "usage": { "prompt_tokens": 5, "completion_tokens": 2 } }""";

    // What Perplexity sends may come without the mark at the end.
    [Fact]
    public void Stream_OfTwoChoicesWithUsageInEachEvent_IsFinalWhenBothHaveStopped()
    {
        var reader = new ResponseReader(new ResponseOrigin("perplexity"));
        Append(
            reader,
            """{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"""
        );
        Append(reader, """{"choices":[{"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3}}""");
        Assert.False(reader.IsFinal);
        Append(reader, """{"choices":[{"index":1,"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":9}}""");

        Assert.True(reader.IsFinal);
        Assert.Equal(new TokenUsage(5, 9), reader.Usage.Usage);
    }

    private static void Append(ResponseReader reader, string data) => reader.Append(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
}
