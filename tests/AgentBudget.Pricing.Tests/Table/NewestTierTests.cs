namespace AgentBudget.Pricing.Tests.Table;

/// <summary>The newest models have the dearer tiers, speeds and regions of their siblings, though no collection states them yet: a budget
/// that took them for standard ended at twice its limit.</summary>
public sealed class NewestTierTests
{
    [Theory]
    [InlineData("openai", "gpt-6.2-sol", "priority", null, "0.06")]
    [InlineData("openai", "gpt-6.2-sol", "flex", null, "0.015")]
    [InlineData("openai", "gpt-6-luna", null, "eu", "0.00165")]
    [InlineData("openai", "gpt-5-5", "priority", null, "0.16")]
    [InlineData("openai", "gpt-5.5-chat-latest", "priority", "us", "0.176")]
    [InlineData("openai", "gpt-5.5", "priority", "us", "0.176")]
    [InlineData("openai", "gpt-5-5-pro", "flex", "eu", "0.264")]
    [InlineData("anthropic", "claude-opus-5-5", "fast", null, "0.12")]
    [InlineData("anthropic", "claude-sonnet-5-5", "fast", null, "0.06")]
    [InlineData("anthropic", "claude-fable-5-1", "fast", null, "0.3")]
    [InlineData("google", "gemini-3.6-flash", "priority", null, "0.02025")]
    [InlineData("google", "gemini-2.5-pro", "priority", null, "0.0405")]
    [InlineData("google-vertex", "gemini-2.5-pro", "priority", null, "0.0405")]
    [InlineData("google", "gemini-2.5-flash", "priority", null, "0.0099")]
    [InlineData("google", "gemini-2.5-flash-lite", "priority", null, "0.00252")]
    [InlineData("google", "gemini-3.7-flash", "priority", null, "0.02025")]
    [InlineData("google", "gemini-3.8-flash", "priority", null, "0.02025")]
    [InlineData("google", "gemini-3.1-flash-lite-preview", "priority", null, "0.0072")]
    [InlineData("google-vertex", "gemini-2.5-flash", "priority", null, "0.0099")]
    [InlineData("google-vertex", "gemini-3.7-flash", "priority", null, "0.02025")]
    [InlineData("google", "gemini-flash-latest", "priority", null, "0.0432")]
    [InlineData("openai", "ft:babbage-002:ours", "batch", null, "0.0088")]
    [InlineData("azure", "gpt-4.1", null, "us", "0.0308")]
    [InlineData("azure", "gpt-4.1", null, "eu", "0.0308")]
    [InlineData("azure", "gpt-4.1", null, null, "0.028")]
    public void Call_OfANewModelInADearerTier_IsNotBilledAsStandard(
        string provider,
        string model,
        string? tier,
        string? region,
        string dollars
    )
    {
        var terms = CallTerms.Enforced with { ServiceTier = tier, Region = region };
        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        var priced = PriceBook.Embedded.Price(provider, model, at, new TokenUsage(10_000, 1_000), terms);
        Assert.Equal(Money.Parse(dollars), priced.Cost);
    }

    [Theory]
    [InlineData("claude-opus-5-5", 10_000, "0.04")]
    [InlineData("claude-sonnet-5-5", 10_000, "0.02")]
    [InlineData("claude-haiku-5-5", 10_000, "0.001")]
    [InlineData("claude-haiku-5-5", 200_000, "0.1")]
    public void HourOfCache_InABatch_CostsHalf(string model, long tokens, string dollars)
    {
        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        var usage = new TokenUsage(tokens, 0) { CacheWrite = tokens, CacheWriteOneHour = tokens };
        var priced = PriceBook.Embedded.Price("anthropic", model, at, usage, new CallTerms("batch"));
        Assert.Equal(Money.Parse(dollars), priced.Cost);
    }

    [Theory]
    [InlineData("us.anthropic.claude-opus-5-5", "0.08954")]
    [InlineData("global.anthropic.claude-opus-5-5", "0.0814")]
    [InlineData("global.anthropic.claude-opus-4-6", "0.10175")]
    [InlineData("claude-sonnet-5", "0.04477")]
    [InlineData("us.anthropic.claude-fable-5-2", "0.17908")]
    public void HourOfCache_AtBedrock_CostsTwiceTheInput(string model, string dollars)
    {
        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        var usage = new TokenUsage(10_100, 50) { CacheWrite = 10_000, CacheWriteOneHour = 10_000 };
        Assert.Equal(Money.Parse(dollars), PriceBook.Embedded.Price("bedrock", model, at, usage, default).Cost);
    }

    // A cache hit is as cheap in a batch as outside of one; the rest costs half.
    [Theory]
    [InlineData("google", "gemini-3.1-pro-preview", 100_000, 0, "0.02")]
    [InlineData("google", "gemini-2.5-flash", 100_000, 10_000, "0.0155")]
    [InlineData("google-vertex", "gemini-3.1-pro-preview", 100_000, 0, "0.02")]
    [InlineData("google", "gemini-3.1-pro-preview", 300_000, 0, "0.12")]
    public void CachedTokens_InABatchOfGemini_CostWhatTheyCostOutsideOfOne(
        string provider,
        string model,
        long cached,
        long output,
        string dollars
    )
    {
        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        var usage = new TokenUsage(cached, output) { CacheRead = cached };
        Assert.Equal(Money.Parse(dollars), PriceBook.Embedded.Price(provider, model, at, usage, new CallTerms("batch")).Cost);
    }

    [Fact]
    public void HourOfCache_OfEveryClaudeFrom45On_CostsTwiceTheInput()
    {
        foreach (var row in PriceBook.Embedded.Rows.Where(row => row.Provider == "bedrock" && HasAnHour(row.Model)))
            Assert.True(row.Rates[RateDimension.CacheWriteOneHour] == 2 * row.Rates[RateDimension.Input], row.Id);

        static bool HasAnHour(string model) =>
            model.Contains("claude-fable", StringComparison.Ordinal)
            || (
                model.Contains("-4-", StringComparison.Ordinal)
                && "5678".Any(minor => model.Contains($"-4-{minor}", StringComparison.Ordinal))
            )
            || (
                model.Contains("claude-", StringComparison.Ordinal)
                && System.Text.RegularExpressions.Regex.IsMatch(model, "(opus|sonnet|haiku)-5")
            );
    }
}
