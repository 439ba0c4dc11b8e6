namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>A vendor that bills a search with every request: the price of a usage holds what it counts, enforcement what is
/// billed.</summary>
public class BilledSearchTests
{
    private static readonly PriceBook Book = TestBook.OfRow(
        """
        "usd_per_million_tokens": { "input": "1", "output": "1" }, "usd_each": { "web_search": "0.01" }, "min_web_searches": 1
        """
    );

    private static PriceRow Row =>
        Book.TryResolve("p", "m", TestBook.Noon, out var row) ? row : throw new InvalidOperationException("The row is missing.");

    private static PricedCall Enforced(TokenUsage usage) =>
        Book.Price(UnknownModelPolicy.Reject, UnknownModelRules.None, "p", "m", TestBook.Noon, usage);

    [Theory]
    [InlineData(0, "0.002")] // 1,000 x 1 + 1,000 x 1
    [InlineData(1, "0.012")]
    [InlineData(3, "0.032")]
    public void PriceOfAUsage_HoldsTheSearchesThatItCounts(long searches, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Book.Cost(new TokenUsage(1000, 1000) { WebSearches = searches }));

    [Theory]
    [InlineData(0, "0.012")] // the one that usage does not count
    [InlineData(1, "0.012")]
    [InlineData(3, "0.032")]
    public void EnforcedPrice_HoldsAtLeastOne(long searches, string dollars) =>
        Assert.Equal(Money.Parse(dollars), Enforced(new TokenUsage(1000, 1000) { WebSearches = searches }).Cost);

    [Fact]
    public void WorstCase_HoldsTheSearchOfEveryRequest()
    {
        var worst = Book.WorstCase(Row, 1000, 1000);

        Assert.Equal(Money.Parse("0.012"), worst.Price.Cost);
        Assert.Equal(1, worst.Usage.WebSearches);
        Assert.Equal(
            worst.Price.Cost,
            Book.WorstCase(UnknownModelPolicy.Reject, UnknownModelRules.None, "p", "m", TestBook.Noon, 1000, 1000).Cost
        );
    }

    [Fact]
    public void UnknownModel_AtItsProvider_IsBilledASearchLikeItsDearestRow() =>
        Assert.Equal(
            Money.Parse("0.012"),
            Book.Price(UnknownModelPolicy.Fallback, UnknownModelRules.None, "p", "nobody", TestBook.Noon, new TokenUsage(1000, 1000)).Cost
        );

    [Fact]
    public void NegativeCount_IsStillRefused() =>
        Assert.Equal(PriceProblem.ImpossibleUsage, Enforced(new TokenUsage(1, 1) { WebSearches = -1 }).Problem);

    [Fact]
    public void RowWithoutSearches_BillsWhatIsCounted()
    {
        Assert.True(
            TestBook
                .OfRow(""" "usd_per_million_tokens": { "input": "1", "output": "1" } """)
                .TryResolve("p", "m", TestBook.Noon, out var row)
        );
        Assert.Equal(0, row.MinWebSearches);
        Assert.Equal(new TokenUsage(5, 5) { WebSearches = 2 }, row.AsBilled(new TokenUsage(5, 5) { WebSearches = 2 }));
    }
}
