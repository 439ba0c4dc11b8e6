namespace AgentBudget.Pricing.Tests.Arithmetic;

public class CallTermsTests
{
    private const long Million = 1_000_000;

    private static readonly PriceBook Book = TestBook.OfRow(
        """
        "usd_per_million_tokens": { "input": "10", "output": "100", "cache_read": "2" },
        "usd_each": { "web_search": "0.5" },
        "context_tiers": [
          { "threshold_input_tokens": 2000000, "usd_per_million_tokens": { "input": "20", "output": "150", "cache_read": "4" } }
        ],
        "service_tiers": {
          "batch": { "usd_per_million_tokens": { "input": "5", "output": "50" } },
          "flex": {
            "usd_per_million_tokens": { "input": "6", "output": "60" },
            "context_tiers": [ { "threshold_input_tokens": 2000000, "usd_per_million_tokens": { "input": "12", "output": "90" } } ]
          },
          "fast": { "usd_per_million_tokens": { "input": "60", "output": "600" } }
        },
        "region_multipliers": { "us": "1.1" }
        """
    );

    private static readonly TokenUsage Short = new(2 * Million, Million) { CacheRead = Million };
    private static readonly TokenUsage Long = new(3 * Million, Million) { CacheRead = Million };

    [Theory]
    [InlineData(null, "112")]
    [InlineData("", "112")]
    [InlineData("standard", "112")]
    [InlineData("Default", "112")]
    [InlineData("auto", "112")]
    [InlineData("batch", "57")]
    [InlineData("BATCH", "57")]
    [InlineData("flex", "68")]
    [InlineData("fast", "662")]
    public void ServiceTier_Known_UsesItsRatesAndInheritsTheRest(string? serviceTier, string dollars)
    {
        var priced = Book.Price("p", "m", TestBook.Noon, Short, new CallTerms(serviceTier));

        Assert.Equal(Money.Parse(dollars), priced.Cost);
        Assert.Equal(PriceWarnings.None, priced.Warnings);
    }

    [Theory]
    [InlineData(null, "194")]
    [InlineData("flex", "118")]
    [InlineData("batch", "194")]
    [InlineData("fast", "194")]
    public void ServiceTier_SilentAboutLongPrompts_CostsTheRowsContextTier(string? serviceTier, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Book.Cost(Long, new CallTerms(serviceTier)));

    [Fact]
    public void ServiceTier_WithoutRates_CostsTheStandardAndSaysSo()
    {
        var priced = Book.Price("p", "m", TestBook.Noon, Short, new CallTerms("priority"));

        Assert.Equal(Money.Parse("112"), priced.Cost);
        Assert.Equal(PriceWarnings.ServiceTierNotPriced, priced.Warnings);
        // What such a call costs nobody knows exactly, and the entry must not say that the provider did.
        Assert.Equal(CostSource.Partial, priced.RecordOn(Call.Model("m", "p")).Source);
    }

    [Theory]
    [InlineData("us", "123.70")]
    [InlineData("US", "123.70")]
    [InlineData("eu", "112.50")]
    [InlineData(null, "112.50")]
    public void Region_WithMultiplier_MultipliesTokensAndNotSearches(string? region, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Book.Cost(Short with { WebSearches = 1 }, new CallTerms(Region: region)));
}
