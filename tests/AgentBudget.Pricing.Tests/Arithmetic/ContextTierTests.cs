namespace AgentBudget.Pricing.Tests.Arithmetic;

public class ContextTierTests
{
    private static PriceBook Book(string thresholdFlag) =>
        TestBook.OfRow(
            $$"""
            "usd_per_million_tokens": { "input": "1", "output": "10", "cache_read": "0.1" },
            "context_tiers": [
              { "threshold_input_tokens": 1000, {{thresholdFlag}} "usd_per_million_tokens": { "input": "2", "output": "20" } },
              { "threshold_input_tokens": 5000, "usd_per_million_tokens": { "input": "4", "output": "40", "cache_read": "0.4" } }
            ]
            """
        );

    [Theory]
    [InlineData(999, 1_999)]
    [InlineData(1000, 2_000)]
    [InlineData(1001, 4_002)]
    [InlineData(5000, 12_000)]
    [InlineData(5001, 24_004)]
    public void Tier_AroundItsThreshold_MovesTheWholeRequestStrictlyAbove(long input, long microDollars)
    {
        // 100 output tokens cost 1,000 micro-dollars in the base, 2,000 and 4,000 in the tiers.
        var expected = Money.FromNanoDollars(microDollars * 1000);
        Assert.Equal(expected, Book("").Cost(new TokenUsage(input, 100)));
    }

    [Theory]
    [InlineData(999, 1_999)]
    [InlineData(1000, 4_000)]
    [InlineData(1001, 4_002)]
    public void Tier_IncludingItsThreshold_MovesTheRequestAtIt(long input, long microDollars)
    {
        var book = Book(""" "includes_threshold": true, """);
        Assert.Equal(Money.FromNanoDollars(microDollars * 1000), book.Cost(new TokenUsage(input, 100)));
    }

    [Fact]
    public void Tier_WithCachedInput_IsChosenByTheTotal()
    {
        // 1,001 tokens in all, 1,000 of them cached: one at $2 and, since the tier is silent about reads, 1,000 at the row's $0.10.
        var usage = new TokenUsage(1001, 0) { CacheRead = 1000 };
        Assert.Equal(Money.Parse("0.000102"), Book("").Cost(usage));
    }

    [Fact]
    public void Tier_StatingCacheReads_MovesThemToo()
    {
        var usage = new TokenUsage(5001, 0) { CacheRead = 5000 };
        Assert.Equal(Money.Parse("0.002004"), Book("").Cost(usage));
    }

    [Fact]
    public void Tier_WithLongOutputAndShortInput_StaysAtTheBase() =>
        Assert.Equal(Money.Parse("0.061"), Book("").Cost(new TokenUsage(1000, 6000)));
}
