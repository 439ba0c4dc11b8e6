namespace AgentBudget.Pricing.Tests.Arithmetic;

public class RefusalTests
{
    private static readonly PriceBook Book = TestBook.OfRow(""" "usd_per_million_tokens": { "input": "1000000", "output": "1" } """);

    private static PricedCall Price(TokenUsage usage) => Book.Price("p", "m", TestBook.Noon, usage);

    [Fact]
    public void Usage_Contradictory_IsRefusedWithTheReason()
    {
        var priced = Price(new TokenUsage(1, 0) { CacheRead = 2 });

        Assert.False(priced.IsPriced);
        Assert.Equal(PriceProblem.ImpossibleUsage, priced.Problem);
        Assert.Contains("exceeds the count input", priced.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_Negative_IsRefused() => Assert.Equal(PriceProblem.ImpossibleUsage, Price(new TokenUsage(-1, 0)).Problem);

    [Fact]
    public void WebSearch_WithoutRate_IsRefusedAndNotFree() =>
        Assert.Equal(PriceProblem.UnpricedUnit, Price(new TokenUsage(1, 1) { WebSearches = 1 }).Problem);

    [Fact]
    public void Rerank_WithoutRate_IsRefusedAndNotFree() =>
        Assert.Equal(PriceProblem.UnpricedUnit, Price(new TokenUsage(1, 1) { RerankSearches = 1 }).Problem);

    [Fact]
    public void Cost_BeyondTheLargestAmount_IsRefused() =>
        Assert.Equal(PriceProblem.CostTooLarge, Price(new TokenUsage(TokenUsage.MaxCount, 0)).Problem);

    [Fact]
    public void Cost_AtTheLargestAmount_IsPriced() => Assert.Equal(Money.MaxAmount, Price(new TokenUsage(1_000_000_000, 0)).Cost);

    [Fact]
    public void Model_Unknown_SaysSoWithVersionAndCandidates()
    {
        var priced = PriceBook.Embedded.Price("openai", "gpt-4-xyz", TestBook.Noon, new TokenUsage(1, 1));

        Assert.False(priced.IsPriced);
        Assert.Equal(PriceProblem.UnknownModel, priced.Problem);
        Assert.Null(priced.Row);
        Assert.Equal(Money.Zero, priced.Cost);
        Assert.Equal(PriceBook.Embedded.Version, priced.TableVersion);
        Assert.InRange(priced.Candidates.Count, 1, 3);
        Assert.All(priced.Candidates, candidate => Assert.Contains("gpt-4", candidate, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpt-5x", "gpt-5")]
    [InlineData("gpt5", "gpt-5")]
    [InlineData("GPT 4o mini", "gpt-4o-mini")]
    [InlineData("gemini-2.5-flsh", "gemini-2.5-flash")]
    [InlineData("claude-opus-4.6x", "claude-opus-4-6")]
    public void Model_MisspeltByALittle_HasTheNearestNameFirst(string model, string nearest) =>
        Assert.EndsWith(
            "/" + nearest,
            PriceBook.Embedded.Price(null, model, TestBook.Noon, new TokenUsage(1, 1)).Candidates[0],
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("xgpt-4o-mini", "gpt-4o-mini")]
    [InlineData("qqq/claude-opus-4-6/zzzzzz", "claude-opus-4-6")]
    public void Model_ThatOnlyEndsLikeOneOrHasItInThePath_HasCandidates(string model, string like)
    {
        var priced = PriceBook.Embedded.Price(null, model, TestBook.Noon, new TokenUsage(1, 1));

        Assert.Equal(PriceProblem.UnknownModel, priced.Problem);
        Assert.InRange(priced.Candidates.Count, 1, 3);
        Assert.Contains(priced.Candidates, candidate => candidate.Contains(like, StringComparison.Ordinal));
    }

    [Fact]
    public void Model_LikeNothing_HasNoCandidates() =>
        Assert.Empty(PriceBook.Embedded.Price(null, "zzzzzz", TestBook.Noon, new TokenUsage(1, 1)).Candidates);
}
