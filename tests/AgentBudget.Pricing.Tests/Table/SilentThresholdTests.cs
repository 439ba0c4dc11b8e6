namespace AgentBudget.Pricing.Tests.Table;

/// <summary>Long prompts of models whose threshold some collections do not know of, or know of though there is none.</summary>
public sealed class SilentThresholdTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-20250514", "1.8")]
    [InlineData("anthropic", "claude-sonnet-4-0", "1.8")]
    [InlineData("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "1.98")]
    [InlineData("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929", "1.98")]
    [InlineData("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "1.8")]
    [InlineData("bedrock", "global.anthropic.claude-sonnet-4-20250514", "1.8")]
    [InlineData("google-vertex", "claude-sonnet-4@20250514", "1.8")]
    [InlineData("xai", "grok-latest", "1.2")]
    [InlineData("xai", "x-ai/grok-4.5", "1.2")]
    [InlineData("openrouter", "google/gemini-2.5-pro", "0.75")]
    // None of the makers has one, and one collection does at other sellers.
    [InlineData("azure", "claude-opus-4-8", "1.5")]
    [InlineData("google-vertex", "claude-opus-4-8@default", "1.5")]
    [InlineData("google-vertex", "claude-opus-4-7", "1.5")]
    // Ended in March 2026.
    [InlineData("anthropic", "claude-sonnet-4-6", "0.9")]
    [InlineData("openrouter", "anthropic/claude-sonnet-4.6", "0.9")]
    public void LongPrompt_CostsWhatItsThresholdMakesOfIt(string provider, string model, string dollars) =>
        Assert.Equal(Money.Parse(dollars), PriceBook.Embedded.Price(provider, model, At, new TokenUsage(300_000, 0)).Cost);

    [Theory]
    [InlineData("gemini-3.5-flash", "0.27")]
    [InlineData("gemini-flash-latest", "0.27")]
    [InlineData("gemini-3.1-flash-lite", "0.09")]
    public void AudioInThePriorityTier_IsDearerThanAudio(string model, string dollars)
    {
        var usage = new TokenUsage(100_000, 0) { InputAudio = 100_000 };
        Assert.Equal(Money.Parse(dollars), PriceBook.Embedded.Price("google", model, At, usage, new CallTerms("priority")).Cost);
    }

    [Fact]
    public void Search_OfAGrokThatNoCollectionStatesOneFor_HasAPrice()
    {
        var priced = PriceBook.Embedded.Price("xai", "grok-4.7", At, new TokenUsage(10_000, 1_000) { WebSearches = 2 });
        Assert.Equal(Money.Parse("0.036"), priced.Cost);
    }
}
