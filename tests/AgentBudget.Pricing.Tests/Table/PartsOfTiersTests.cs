namespace AgentBudget.Pricing.Tests.Table;

/// <summary>Beyond a threshold and in a dearer service tier a part moves with its whole, though no collection states it there.</summary>
public sealed class PartsOfTiersTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4", "2.4225")]
    [InlineData("google-vertex", "claude-sonnet-4", "2.4225")]
    public void HourOfCache_BeyondAThreshold_CostsMoreThanFiveMinutes(string provider, string model, string dollars)
    {
        var usage = new TokenUsage(300_000, 1_000) { CacheWrite = 100_000, CacheWriteOneHour = 100_000 };
        Assert.Equal(Money.Parse(dollars), PriceBook.Embedded.Price(provider, model, At, usage, default).Cost);
    }

    [Theory]
    [InlineData("azure", "gpt-5.6")]
    [InlineData("azure", "gpt-5.6-luna")]
    [InlineData("azure", "gpt-5.6-terra")]
    [InlineData("openai", "gpt-5.6")]
    public void CacheWrite_InAPriorityTier_CostsTwice(string provider, string model)
    {
        var usage = new TokenUsage(100_000, 0) { CacheWrite = 100_000 };
        var standard = PriceBook.Embedded.Price(provider, model, At, usage, default).Cost;
        var priority = PriceBook.Embedded.Price(provider, model, At, usage, new CallTerms("priority")).Cost;
        Assert.Equal(2 * standard.NanoDollars, priority.NanoDollars);
    }

    [Theory]
    [InlineData("google", "gemini-3-flash-preview")]
    [InlineData("google", "gemini-3.1-flash-lite")]
    [InlineData("google", "gemini-flash-lite-latest")]
    [InlineData("google-vertex", "gemini-3-flash-preview")]
    public void CachedAudio_InAPriorityTier_CostsWhatTheTierCosts(string provider, string model)
    {
        var usage = new TokenUsage(100_000, 0)
        {
            CacheRead = 100_000,
            InputAudio = 100_000,
            CacheReadAudio = 100_000,
        };
        var standard = PriceBook.Embedded.Price(provider, model, At, usage, default).Cost;
        var priority = PriceBook.Embedded.Price(provider, model, At, usage, new CallTerms("priority")).Cost;
        Assert.Equal(standard.NanoDollars * 18 / 10, priority.NanoDollars);
    }

    [Theory]
    [InlineData("openrouter", "~google/gemini-pro-latest")]
    [InlineData("openrouter", "google/gemini-2.5-pro-preview")]
    [InlineData("alibaba", "qwen3.5-plus")]
    public void Reasoning_BeyondAThreshold_MovesWithOutput(string provider, string model)
    {
        Assert.True(PriceBook.Embedded.TryResolve(provider, model, At, out var row));
        Assert.NotEmpty(row.ContextTiers);
        foreach (var tier in row.ContextTiers)
            Assert.True(Of(tier.Rates, row, RateDimension.Reasoning) >= Of(tier.Rates, row, RateDimension.Output), row.Id);
    }

    [Fact]
    public void Audio_BeyondAThreshold_MovesWithText()
    {
        Assert.True(PriceBook.Embedded.TryResolve("google", "gemini-2.5-pro-preview-tts", At, out var row));
        Assert.True(row.ContextTiers[0].Rates[RateDimension.InputAudio] > row.Rates[RateDimension.InputAudio]);
    }

    // A part that nobody stated there stays behind; what a vendor states otherwise is on the list of accepted oddities.
    [Fact]
    public void HourOfCache_AnywhereInTheTable_CostsNoLessThanFiveMinutes() =>
        Assert.DoesNotContain(PriceBook.Embedded.FindOddities(), oddity => oddity.Contains("an hour of cache", StringComparison.Ordinal));

    private static decimal? Of(Rates tier, PriceRow row, RateDimension dimension) =>
        tier[dimension] ?? row.Rates[dimension] ?? tier[RateDimensions.Of(dimension).Parent ?? dimension];
}
