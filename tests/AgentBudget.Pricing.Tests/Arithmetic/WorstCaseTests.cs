namespace AgentBudget.Pricing.Tests.Arithmetic;

public class WorstCaseTests
{
    private static readonly PriceBook Book = PriceBook.Parse(
        TestBook.File(
            "p",
            "",
            TestBook.Model(
                "m",
                """ "max_output_tokens": 50 """,
                [
                    TestBook.Row(
                        """
                        "usd_per_million_tokens": { "input": "10", "output": "100", "cache_read": "1", "cache_write": "12", "cache_write_1h": "20" },
                        "context_tiers": [ {
                          "threshold_input_tokens": 1000,
                          "usd_per_million_tokens": { "input": "20", "output": "200", "cache_write": "24", "cache_write_1h": "15" }
                        } ]
                        """
                    ),
                ]
            ),
            TestBook.Model("plain", TestBook.FlatRow("10")),
            TestBook.Model(
                "painter",
                TestBook.Row(
                    """ "usd_per_million_tokens": { "input": "10", "output": "100", "reasoning": "150", "input_image": "20", "output_image": "300" } """
                )
            ),
            TestBook.Model(
                "looker",
                TestBook.Row(
                    """ "usd_per_million_tokens": { "input": "10", "output": "100", "cache_write": "12", "input_image": "11", "output_image": "99" } """
                )
            ),
            TestBook.Model(
                "thinker",
                TestBook.Row(""" "usd_per_million_tokens": { "input": "10", "output": "100", "reasoning": "150" } """)
            )
        )
    );

    private static WorstCase Of(string model, long input, long? cap)
    {
        Assert.True(Book.TryResolve("p", model, TestBook.Noon, out var row));
        return Book.WorstCase(row, input, cap);
    }

    [Fact]
    public void WorstCase_WithCacheWrites_TakesTheDearestWrite()
    {
        var worst = Of("m", 1000, 10);

        Assert.Equal(Money.Parse("0.021"), worst.Price.Cost);
        Assert.Equal(new TokenUsage(1000, 10) { CacheWrite = 1000, CacheWriteOneHour = 1000 }, worst.Usage);
    }

    [Fact]
    public void WorstCase_InAHigherTier_TakesTheDearestOfThatTier()
    {
        var worst = Of("m", 2000, 10);

        Assert.Equal(Money.Parse("0.050"), worst.Price.Cost);
        Assert.Equal(new TokenUsage(2000, 10) { CacheWrite = 2000 }, worst.Usage);
    }

    [Fact]
    public void WorstCase_WithoutCacheRates_TakesPlainInput()
    {
        var worst = Of("plain", 1000, 100);

        Assert.Equal(Money.Parse("0.011"), worst.Price.Cost);
        Assert.Equal(new TokenUsage(1000, 100), worst.Usage);
    }

    [Fact]
    public void WorstCase_WithDearReasoning_CountsAllOutputAsReasoning() =>
        Assert.Equal(Money.Parse("0.015"), Of("thinker", 0, 100).Price.Cost);

    [Fact]
    public void WorstCase_OfAModelThatDraws_CountsAllAsImages()
    {
        var worst = Of("painter", 1000, 100);

        Assert.Equal((Money.Parse("0.05"), PriceWarnings.None), (worst.Price.Cost, worst.Price.Warnings));
        Assert.Equal(new TokenUsage(1000, 100) { InputImage = 1000, OutputImage = 100 }, worst.Usage);
    }

    [Fact]
    public void WorstCase_WhereSomethingElseIsDearer_TakesThat()
    {
        var worst = Of("looker", 1000, 100);

        Assert.Equal(Money.Parse("0.022"), worst.Price.Cost);
        Assert.Equal(new TokenUsage(1000, 100) { CacheWrite = 1000 }, worst.Usage);
    }

    [Fact]
    public void WorstCase_WithoutCap_TakesTheModelsOwn() => Assert.Equal(50, Of("m", 1, null).Usage.Output);

    [Fact]
    public void WorstCase_WithoutAnyCap_IsRefused()
    {
        var worst = Of("plain", 1, null);

        Assert.Equal(PriceProblem.OutputCapUnknown, worst.Price.Problem);
        Assert.Equal(default, worst.Usage);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(TokenUsage.MaxCount + 1, 1)]
    public void WorstCase_WithImpossibleCounts_IsRefused(long input, long cap) =>
        Assert.Equal(PriceProblem.ImpossibleUsage, Of("m", input, cap).Price.Problem);
}
