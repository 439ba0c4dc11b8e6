namespace AgentBudget.Pricing.Tests.Responses;

public class AwsEventTests
{
    private static readonly byte[] Stream =
    [
        .. AwsEventStream.Message("""{"role":"assistant","p":"ab"}"""),
        .. AwsEventStream.Message("""{"contentBlockIndex":0,"delta":{"text":"hello"},"p":"abc"}"""),
        .. AwsEventStream.Message("""{"stopReason":"end_turn"}"""),
        .. AwsEventStream.Message(
            """{"metrics":{"latencyMs":5},"usage":{"inputTokens":3,"outputTokens":7,"cacheReadInputTokens":10},"serviceTier":{"type":"priority"}}"""
        ),
    ];

    [Fact]
    public void Read_OfAConverseStream_GivesItsUsage()
    {
        var read = ResponseReader.Read(Stream);

        Assert.Equal(UsageCompleteness.Final, read.Completeness);
        Assert.Equal(new TokenUsage(13, 7) { CacheRead = 10 }, read.Usage);
        Assert.Equal("bedrock", read.Provider);
        Assert.Equal("priority", read.Terms.ServiceTier);
        Assert.Equal(5, read.TextBytes);
    }

    [Fact]
    public void Usage_OfAConverseStreamCutAnywhere_IsNotSaid()
    {
        var reader = new ResponseReader();
        foreach (var next in Stream.AsSpan(0, Stream.Length - 1))
        {
            reader.Append([next]);
            Assert.Equal(UsageCompleteness.None, reader.Usage.Completeness);
        }

        reader.Append([Stream[^1]]);
        Assert.True(reader.IsFinal);
    }

    [Fact]
    public void Append_OfLengthsThatContradictEachOther_ReadsNoFurther()
    {
        byte[] broken = [0, 0, 0, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, .. Stream];

        Assert.Equal(UsageCompleteness.None, ResponseReader.Read(broken).Completeness);
    }
}
