using System.Text;

namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>A count that is missing, or is no count, was taken for zero in a usage that called itself final.</summary>
public class UnstatedCountTests
{
    [Theory]
    [InlineData("1,000")]
    [InlineData("1 000")]
    [InlineData("\"1,000\"")]
    [InlineData("1.000.000")]
    [InlineData("1_000")]
    [InlineData("NaN")]
    [InlineData("-5")]
    [InlineData("1e19")]
    [InlineData("1e30")]
    [InlineData("1000000000000000000000000000000")]
    [InlineData("\"12k\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"text\":1000}")]
    [InlineData("[1000]")]
    public void Usage_WithACountThatIsNone_IsNotFinalInAnyShape(string count)
    {
        foreach (
            var body in (string[])
                [
                    $$$"""{"model":"gpt-5","choices":[{}],"usage":{"prompt_tokens":{{{count}}},"completion_tokens":500}}""",
                    $$$"""{"model":"gpt-5","choices":[{}],"usage":{"completion_tokens":{{{count}}},"prompt_tokens":500}}""",
                    $$$"""{"model":"gpt-5","output":[{}],"usage":{"input_tokens":{{{count}}},"output_tokens":500}}""",
                    $$$"""{"model":"gpt-5","output":[{}],"usage":{"output_tokens":{{{count}}},"input_tokens":500}}""",
                    $$$"""{"type":"message","stop_reason":"end_turn","usage":{"input_tokens":{{{count}}},"output_tokens":500}}""",
                    $$$"""{"type":"message","stop_reason":"end_turn","usage":{"output_tokens":{{{count}}},"input_tokens":500}}""",
                    $$$"""{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":{{{count}}},"candidatesTokenCount":500}}""",
                    $$$"""{"output":{},"stopReason":"end_turn","usage":{"inputTokens":{{{count}}},"outputTokens":500}}""",
                    $$$"""{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":{{{count}}},"output_tokens":500} } }""",
                    $$$"""{"usage":{"total_input_tokens":{{{count}}},"total_output_tokens":500}}""",
                ]
        )
        {
            var read = ReadBothWays(body);
            Assert.True(read.Completeness != UsageCompleteness.Final, body);
            Assert.True(read.Usage is null || !read.IsStopped, body);
        }
    }

    [Theory]
    [InlineData("""{"choices":[{}],"usage":{"completion_tokens":500}}""")]
    [InlineData("""{"choices":[{}],"usage":{"prompt_tokens":500}}""")]
    [InlineData("""{"choices":[{}],"usage":{"total_tokens":1500}}""")]
    [InlineData("""{"output":[{}],"usage":{"total_tokens":1500}}""")]
    [InlineData("""{"output":[{}],"usage":{"input_tokens":1500}}""")]
    [InlineData("""{"stop_reason":"end_turn","usage":{"input_tokens":1500}}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5}}""")]
    [InlineData("""{"stopReason":"end_turn","usage":{"inputTokens":500}}""")]
    public void Usage_ThatLeavesOneOfInputAndOutputOut_IsPartial(string body) =>
        Assert.Equal(UsageCompleteness.Partial, ReadBothWays(body).Completeness);

    // A count of something else than tokens that cannot be read leaves the price open as much.
    [Fact]
    public void Usage_WithACacheCountThatIsNone_IsPartial() =>
        Assert.Equal(
            UsageCompleteness.Partial,
            ReadBothWays(
                """{"type":"message","usage":{"input_tokens":5,"cache_creation_input_tokens":"many","output_tokens":5}}"""
            ).Completeness
        );

    [Fact]
    public void GeminiUsage_WithoutAPrompt_TakesItFromTheTotal()
    {
        var read = ReadBothWays(
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"candidatesTokenCount":500,"thoughtsTokenCount":100,"totalTokenCount":1500}}"""
        );
        Assert.Equal((UsageCompleteness.Partial, new TokenUsage(900, 600) { Reasoning = 100 }), (read.Completeness, read.Usage!.Value));
    }

    [Fact]
    public void GeminiUsage_WithoutCandidates_TakesThemFromTheTotal()
    {
        var read = ReadBothWays(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1000,"totalTokenCount":1500}}"""
        );
        Assert.Equal((UsageCompleteness.Final, new TokenUsage(1000, 500)), (read.Completeness, read.Usage!.Value));
    }

    [Theory]
    [InlineData("12,345")]
    [InlineData("null")]
    [InlineData("\"12k\"")]
    public void AnthropicStream_WithoutAReadableInput_IsPartial(string input)
    {
        var start =
            "data: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-opus-5\",\"usage\":{\"input_tokens\":"
            + input
            + ",\"output_tokens\":1}}}\n\n";
        Assert.Equal((UsageCompleteness.Partial, false), Ended(start));
        Assert.Equal((UsageCompleteness.Partial, false), Ended(""));
        Assert.Equal((UsageCompleteness.Final, true), Ended(start.Replace(input, "12345", StringComparison.Ordinal)));

        static (UsageCompleteness, bool) Ended(string start)
        {
            var read = ReadBothWays(
                start
                    + "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":500}}\n\n"
                    + "data: {\"type\":\"message_stop\"}\n\n"
            );
            return (read.Completeness, read.IsStopped);
        }
    }

    [Fact]
    public void ChatStream_WhoseLastChunkHasNoPrompt_IsPartial()
    {
        var read = ReadBothWays(
            """
            data: {"choices":[{"delta":{"content":"a"}}]}

            data: {"choices":[],"usage":{"prompt_tokens":null,"completion_tokens":20}}

            data: [DONE]


            """
        );
        Assert.Equal((UsageCompleteness.Partial, 20), (read.Completeness, read.Usage!.Value.Output));
    }

    // What is said again in full is what counts.
    [Fact]
    public void ChatStream_ThatCorrectsACount_IsFinal()
    {
        var read = ReadBothWays(
            """
            data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":"n/a","completion_tokens":1}}

            data: {"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":20}}

            data: [DONE]


            """
        );
        Assert.Equal((UsageCompleteness.Final, new TokenUsage(30, 20)), (read.Completeness, read.Usage!.Value));
    }

    private static ResponseUsage ReadBothWays(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var whole = ResponseReader.Read(bytes);
        var reader = new ResponseReader();
        foreach (var next in bytes)
            reader.Append([next]);
        Assert.Equal(whole with { OtherParts = [] }, reader.Usage with { OtherParts = [] });
        return whole;
    }
}
