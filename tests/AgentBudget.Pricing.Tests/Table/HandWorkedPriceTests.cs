using System.Globalization;

namespace AgentBudget.Pricing.Tests.Table;

/// <summary>Costs of the embedded table, worked out by hand from the sources; the sum stands beside each case.</summary>
public class HandWorkedPriceTests
{
    private static Money Cost(string model, string day, TokenUsage usage, CallTerms terms = default)
    {
        var at = new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);
        var priced = PriceBook.Embedded.Price(null, model, at, usage, terms);
        Assert.True(priced.IsPriced, priced.Detail);
        return priced.Cost;
    }

    [Fact]
    public void Gpt4o_WithCachedInput_CostsHalfForTheCached() =>
        // 3,000 x 2.50 + 1,000 x 1.25 + 500 x 10 = 13,750 millionths.
        Assert.Equal(Money.Parse("0.013750"), Cost("gpt-4o", "2025-11-05", new TokenUsage(4000, 500) { CacheRead = 1000 }));

    [Fact]
    public void Gpt4oFirstSnapshot_WithCachedInput_HasItsOwnPriceAndNoDiscount() =>
        // 4,000 x 5 + 500 x 15 = 27,500 millionths: no cache-read rate, so cached input is input.
        Assert.Equal(Money.Parse("0.027500"), Cost("gpt-4o-2024-05-13", "2025-11-05", new TokenUsage(4000, 500) { CacheRead = 1000 }));

    [Fact]
    public void ClaudeOpus46_WithBothCacheWrites_CostsEach() =>
        // 3 x 5 + 11,515 x 0.50 + 3,835 x 6.25 + 10,000 x 10 + 13 x 25 = 15 + 5,757.5 + 23,968.75 + 100,000 + 325 = 130,066.25 millionths.
        Assert.Equal(
            Money.Parse("0.13006625"),
            Cost(
                "claude-opus-4-6",
                "2026-02-10",
                new TokenUsage(25353, 13)
                {
                    CacheRead = 11515,
                    CacheWrite = 13835,
                    CacheWriteOneHour = 10000,
                }
            )
        );

    [Theory]
    [InlineData("2026-02-10", 199_999, "1.024995")] // 199,999 x 5 + 1,000 x 25
    [InlineData("2026-02-10", 200_000, "1.025000")]
    [InlineData("2026-02-10", 200_001, "2.037510")] // 200,001 x 10 + 1,000 x 37.50
    [InlineData("2026-03-13", 200_001, "1.025005")] // flat from this day
    public void ClaudeOpus46_AroundItsThreshold_CostsTheTierWhileThereWasOne(string day, long input, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost("claude-opus-4-6", day, new TokenUsage(input, 1000)));

    [Theory]
    [InlineData(null, "us", "0.033")] // (1,000 x 5 + 1,000 x 25) x 1.1
    [InlineData("fast", null, "0.18")] // 1,000 x 30 + 1,000 x 150
    [InlineData("fast", "us", "0.198")]
    public void ClaudeOpus46_FastOrInTheUs_CostsMore(string? serviceTier, string? region, string dollars) =>
        Assert.Equal(
            Money.Parse(dollars),
            Cost("claude-opus-4-6", "2026-04-01", new TokenUsage(1000, 1000), new CallTerms(serviceTier, region))
        );

    [Fact]
    public void ClaudeHaiku45_WithWebSearches_CostsACentEach() =>
        // 1,000 x 1 + 1,000 x 5 = 6,000 millionths, and 2 x 0.01.
        Assert.Equal(Money.Parse("0.026"), Cost("claude-haiku-4-5", "2026-02-10", new TokenUsage(1000, 1000) { WebSearches = 2 }));

    [Theory]
    [InlineData(200_000, "0.412000")] // 200,000 x 2 + 1,000 x 12
    [InlineData(200_001, "0.818004")] // 200,001 x 4 + 1,000 x 18
    public void Gemini3Pro_AroundItsThreshold_MovesTheWholeRequest(long input, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost("gemini-3-pro-preview", "2025-11-18", new TokenUsage(input, 1000)));

    [Fact]
    public void Gemini25Flash_WithAudioAndThoughts_CostsAudioMoreAndThoughtsAsOutput() =>
        // 500 x 0.30 + 500 x 1 + 300 x 2.50 = 1,400 millionths.
        Assert.Equal(
            Money.Parse("0.0014"),
            Cost("gemini-2.5-flash", "2026-01-01", new TokenUsage(1000, 300) { InputAudio = 500, Reasoning = 200 })
        );

    [Fact]
    public void Gemini25FlashImage_ThatDrewOnePicture_CostsTheImageRate() =>
        // 10 x 0.30 + 258 x 0.30 (images in are text) + 1,290 x 30 + 20 x 2.50 = 38,830.4 millionths; as text it would be 3,355.4.
        Assert.Equal(
            Money.Parse("0.0388304"),
            Cost("gemini-2.5-flash-image", "2026-03-01", new TokenUsage(268, 1310) { InputImage = 258, OutputImage = 1290 })
        );

    [Fact]
    public void Gemini3ProImage_WithThoughts_CostsImagesThoughtsAndText() =>
        // 100 x 2 + 1,120 x 120 + 300 x 12 + 80 x 12 = 139,160 millionths: thoughts are words.
        Assert.Equal(
            Money.Parse("0.13916"),
            Cost("gemini-3-pro-image", "2026-03-01", new TokenUsage(100, 1500) { OutputImage = 1120, Reasoning = 300 })
        );

    [Theory]
    [InlineData("openrouter", "google/gemini-3-pro-image-preview", "0.1356")] // 600 x 2 + 1,120 x 120
    [InlineData("openrouter", "openai/gpt-5-image", "0.0508")] // 600 x 10 + 1,120 x 40
    [InlineData("openai", "gpt-5-image-mini", "0.01046")] // 600 x 2.50 + 1,120 x 8
    [InlineData("google", "gemini-2.0-flash-exp-image-generation", "0.03366")] // 600 x 0.10 + 1,120 x 30
    public void Picture_OfARouterOrTheVendor_CostsTheImageRate(string provider, string model, string dollars)
    {
        var priced = PriceBook.Embedded.Price(provider, model, TestBook.Noon, new TokenUsage(600, 1120) { OutputImage = 1120 });
        Assert.Equal((Money.Parse(dollars), PriceWarnings.None), (priced.Cost, priced.Warnings));
    }

    [Fact]
    public void GptImage1_ThatChangedAPicture_CostsImagesInMoreThanText() =>
        // 20 x 5 + 300 x 10 + 1,056 x 40 = 45,340 millionths.
        Assert.Equal(
            Money.Parse("0.04534"),
            Cost("gpt-image-1", "2026-03-01", new TokenUsage(320, 1056) { InputImage = 300, OutputImage = 1056 })
        );

    [Fact]
    public void GptRealtime_WithAudioTextAndAPicture_CostsEach() =>
        // 100 x 4 + 200 x 32 + 50 x 5 + 60 x 16 + 140 x 64 = 16,970 millionths.
        Assert.Equal(
            Money.Parse("0.01697"),
            Cost(
                "gpt-realtime",
                "2026-03-01",
                new TokenUsage(350, 200)
                {
                    InputAudio = 200,
                    InputImage = 50,
                    OutputAudio = 140,
                }
            )
        );

    [Theory]
    [InlineData(UncountedImages.AsText, "0.0033554", PriceWarnings.ImagesNotCounted)] // 268 x 0.30 + 1,310 x 2.50
    [InlineData(UncountedImages.AsImages, "0.0393804", PriceWarnings.ImagesNotCounted)] // 268 x 0.30 + 1,310 x 30
    [InlineData(UncountedImages.None, "0.0033554", PriceWarnings.None)]
    public void Gemini25FlashImage_WithoutImageCounts_CostsWhatTheTermsSay(UncountedImages images, string dollars, PriceWarnings warnings)
    {
        var priced = PriceBook.Embedded.Price(
            "google",
            "gemini-2.5-flash-image",
            TestBook.Noon,
            new TokenUsage(268, 1310),
            new CallTerms { UncountedImages = images }
        );
        Assert.Equal((Money.Parse(dollars), warnings), (priced.Cost, priced.Warnings));
    }

    [Theory]
    [InlineData("batch", "0.00625")] // 1,000 x 1.25 + 1,000 x 5
    [InlineData("priority", "0.02125")] // 1,000 x 4.25 + 1,000 x 17
    public void Gpt4o_InAServiceTier_CostsItsRates(string serviceTier, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost("gpt-4o", "2026-01-01", new TokenUsage(1000, 1000), new CallTerms(serviceTier)));

    [Fact]
    public void Gpt5_WithAWebSearch_CostsACentMore() =>
        // 1,000 x 1.25 + 1,000 x 10 = 11,250 millionths, and 0.01.
        Assert.Equal(Money.Parse("0.02125"), Cost("gpt-5", "2025-12-26", new TokenUsage(1000, 1000) { WebSearches = 1 }));

    [Theory]
    [InlineData(199_999, "0.405998")] // 199,999 x 2 + 1,000 x 6
    [InlineData(200_000, "0.812000")] // xAI counts the threshold itself: 200,000 x 4 + 1,000 x 12
    public void Grok45_AtItsThreshold_IsInTheTier(long input, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost("x-ai/grok-4.5", "2026-08-02", new TokenUsage(input, 1000)));

    [Theory]
    [InlineData("2026-07-29", "0.007")] // 1,000 x 1 + 1,000 x 6
    [InlineData("2026-07-30", "0.0014")] // 1,000 x 0.20 + 1,000 x 1.20
    public void Gpt56Luna_AroundItsPriceCut_CostsThePriceOfTheDay(string day, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost("gpt-5.6-luna", day, new TokenUsage(1000, 1000)));

    [Theory]
    [InlineData("perplexity/sonar", 0, "0.002")] // 1,000 x 1 + 1,000 x 1
    [InlineData("perplexity/sonar", 2, "0.026")] // and 2 x 0.012
    [InlineData("perplexity/sonar-pro", 0, "0.018")] // 1,000 x 3 + 1,000 x 15
    [InlineData("perplexity/sonar-reasoning", 1, "0.018")] // 1,000 x 1 + 1,000 x 5, and 0.012
    [InlineData("perplexity/sonar-reasoning-pro", 0, "0.01")] // 1,000 x 2 + 1,000 x 8
    public void Perplexity_CostsItsFeeForEachSearchCounted(string model, long searches, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost(model, "2026-08-25", new TokenUsage(1000, 1000) { WebSearches = searches }));

    [Theory]
    [InlineData("sonar", "0.014")] // 0.002 and one search at 0.012
    [InlineData("sonar-pro", "0.032")] // 0.018 and one at 0.014
    public void Perplexity_WhereABudgetIsEnforced_CostsTheSearchOfEveryRequest(string model, string dollars)
    {
        var at = new DateTimeOffset(2026, 8, 25, 0, 0, 0, TimeSpan.Zero);
        var priced = PriceBook.Embedded.Price(
            UnknownModelPolicy.Reject,
            UnknownModelRules.None,
            "perplexity",
            model,
            at,
            new TokenUsage(1000, 1000)
        );
        Assert.Equal(Money.Parse(dollars), priced.Cost);
    }

    [Theory]
    [InlineData("openrouter/anthropic/claude-haiku-4.5", "0.0105")] // 1,000 x 1 + 4,000 x 1.25 + 900 x 5, an hour as five minutes
    [InlineData("openrouter/anthropic/claude-3-haiku", "0.002375")] // 5,000 x 0.25 + 900 x 1.25: no price of its own for writes
    public void OpenRouter_WithOneHourCacheWrites_CostsWhatMostSourcesMakeOfThem(string model, string dollars) =>
        Assert.Equal(
            Money.Parse(dollars),
            Cost(model, "2026-08-25", new TokenUsage(5000, 900) { CacheWrite = 4000, CacheWriteOneHour = 4000 })
        );

    [Theory]
    [InlineData("openrouter/qwen/qwen3-235b-a22b-2507", "0.00019")] // 1,000 x 0.09 + 1,000 x 0.1
    [InlineData("openrouter/qwen/qwen3-coder", "0.00202")] // 1,000 x 0.22 + 1,000 x 1.80
    [InlineData("azure/gpt-4o-2024-11-20", "0.01375")] // 1,000 x 2.75 + 1,000 x 11: Azure's, not OpenAI's
    [InlineData("azure/gpt-5.6-luna", "0.007")] // 1,000 x 1 + 1,000 x 6
    [InlineData("vertex_ai-language-models/gemini-2.5-flash", "0.0028")] // 1,000 x 0.30 + 1,000 x 2.50, under litellm's name
    public void Model_OnWhichSourcesAreAtOdds_CostsWhatTheRuleMakesOfThem(string model, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost(model, "2026-08-20", new TokenUsage(1000, 1000)));

    [Fact]
    public void Gemini25FlashImage_WithAudioInput_CostsItAsInput() =>
        // Two sources know of no rate for audio, and one does: 1,000 x 0.30.
        Assert.Equal(
            Money.Parse("0.0003"),
            Cost("google/gemini-2.5-flash-image", "2026-08-25", new TokenUsage(1000, 0) { InputAudio = 600 })
        );

    [Theory]
    [InlineData("google/gemini-3.6-flash", "2026-08-25", "0.0185")] // 1,000 x 0.75 + 1,000 x 3.75, and 0.014
    [InlineData("bedrock/us.anthropic.claude-sonnet-5", "2026-09-01", "0.0232")] // 1,000 x 2.20 + 1,000 x 11, and 0.01: no rise came
    public void WebSearch_WhereTheDatedSourceKnowsOfNone_CostsWhatAnotherStates(string model, string day, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Cost(model, day, new TokenUsage(1000, 1000) { WebSearches = 1 }));
}
