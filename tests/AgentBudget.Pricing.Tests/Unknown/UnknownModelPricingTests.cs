namespace AgentBudget.Pricing.Tests.Unknown;

public class UnknownModelPricingTests
{
    private static readonly PriceBook Book = PriceBook.Parse(
        TestBook.File(
            "p",
            """ "provider_aliases": ["pp"] """,
            TestBook.Model("dear-input", TestBook.Row(""" "usd_per_million_tokens": { "input": "10", "output": "20" } """)),
            TestBook.Model("dear-output", TestBook.Row(""" "usd_per_million_tokens": { "input": "1", "output": "100" } """)),
            TestBook.Model(
                "gone",
                TestBook.Row(""" "usd_per_million_tokens": { "input": "999", "output": "999" }, "until": "2020-01-01" """)
            )
        ),
        TestBook.File("q", "", TestBook.Model("other", TestBook.FlatRow("500")))
    );

    private static readonly UnknownModelRules Rules = new()
    {
        Fallback = new FallbackRate(3m, 7m),
        FreePatterns = ["local/*", "*-test", "a?c"],
    };

    private static PricedCall Price(UnknownModelPolicy policy, UnknownModelRules rules, string? provider, string model, TokenUsage usage) =>
        Book.Price(policy, rules, provider, model, TestBook.Noon, usage);

    [Theory]
    [InlineData(UnknownModelPolicy.Reject)]
    [InlineData(UnknownModelPolicy.Fallback)]
    [InlineData(UnknownModelPolicy.ZeroWithWarning)]
    public void KnownModel_UnderAnyPolicy_CostsItsRow(UnknownModelPolicy policy)
    {
        var priced = Price(policy, Rules with { FreePatterns = ["*"] }, "p", "dear-input", new TokenUsage(1_000_000, 0));

        Assert.Equal(Money.Parse("10"), priced.Cost);
        Assert.Equal(PriceWarnings.None, priced.Warnings);
    }

    [Fact]
    public void Reject_UnknownModel_IsRefused() =>
        Assert.Equal(PriceProblem.UnknownModel, Price(UnknownModelPolicy.Reject, Rules, "p", "nobody", new TokenUsage(1, 1)).Problem);

    [Fact]
    public void Fallback_WithARate_CostsItWithAWarning()
    {
        var priced = Price(
            UnknownModelPolicy.Fallback,
            Rules,
            null,
            "nobody",
            new TokenUsage(1_000_000, 1_000_000) { CacheRead = 500_000 }
        );

        Assert.Equal(Money.Parse("10"), priced.Cost);
        Assert.Equal(PriceWarnings.UnknownModelFallback, priced.Warnings);
        Assert.Equal(UnknownModelPricing.FallbackRowId, priced.RowId);
        Assert.Equal(Book.Version, priced.TableVersion);
    }

    [Theory]
    [InlineData("p", 1_000_000, 0, "10", "p/dear-input")]
    [InlineData("pp", 0, 1_000_000, "100", "p/dear-output")]
    public void Fallback_WithoutARate_CostsTheDearestRowOfTheProvider(
        string provider,
        long input,
        long output,
        string dollars,
        string rowId
    )
    {
        var priced = Price(UnknownModelPolicy.Fallback, UnknownModelRules.None, provider, "nobody", new TokenUsage(input, output));

        Assert.Equal(Money.Parse(dollars), priced.Cost);
        Assert.Equal(rowId, priced.RowId);
        Assert.Equal(PriceWarnings.UnknownModelFallback, priced.Warnings);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    public void Fallback_WithoutARateOrAKnownProvider_IsRefused(string? provider) =>
        Assert.False(Price(UnknownModelPolicy.Fallback, UnknownModelRules.None, provider, "x", new TokenUsage(1, 1)).IsPriced);

    [Theory]
    [InlineData("local", "llama", true)]
    [InlineData(null, "local/llama", true)]
    [InlineData(null, "MY-TEST", true)]
    [InlineData(null, "a?c", true)]
    [InlineData(null, "abc", false)]
    [InlineData(null, "locals/llama", false)]
    [InlineData("q", "nobody", false)]
    public void ZeroWithWarning_OnlyForListedPatterns_IsFree(string? provider, string model, bool isFree)
    {
        var priced = Price(UnknownModelPolicy.ZeroWithWarning, Rules, provider, model, new TokenUsage(5, 5));

        Assert.Equal(isFree, priced.IsPriced);
        Assert.Equal(Money.Zero, priced.Cost);
        Assert.Equal(isFree ? PriceWarnings.UnknownModelFree : PriceWarnings.None, priced.Warnings);
    }

    [Fact]
    public void Policy_OfAnImpossibleUsage_DoesNotPriceIt()
    {
        var usage = new TokenUsage(1, 1) { CacheRead = 2 };
        Assert.False(Price(UnknownModelPolicy.Fallback, Rules, null, "nobody", usage).IsPriced);
        Assert.False(Price(UnknownModelPolicy.ZeroWithWarning, Rules, null, "x-test", usage).IsPriced);
    }

    [Fact]
    public void WorstCase_OfAnUnknownModel_FollowsThePolicy()
    {
        PricedCall Worst(UnknownModelPolicy policy, long? cap) =>
            Book.WorstCase(policy, Rules, "p", "nobody", TestBook.Noon, 1_000_000, cap);

        Assert.Equal(PriceProblem.UnknownModel, Worst(UnknownModelPolicy.Reject, 1).Problem);
        Assert.Equal(Money.Parse("10"), Worst(UnknownModelPolicy.Fallback, 1_000_000).Cost);
        Assert.Equal(PriceProblem.OutputCapUnknown, Worst(UnknownModelPolicy.Fallback, null).Problem);
    }

    [Fact]
    public void Rules_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new UnknownModelRules { Fallback = new(-1, 0) }.Validate());
        Assert.Throws<ArgumentException>(() => new UnknownModelRules { Fallback = new(0, 1_000_001) }.Validate());
        Assert.Throws<ArgumentException>(() => new UnknownModelRules { FreePatterns = [" "] }.Validate());
        Assert.Throws<ArgumentException>(() =>
            new UnknownModelRules { FreePatterns = [.. Enumerable.Repeat("x", UnknownModelRules.MaxPatterns + 1)] }.Validate()
        );
        Rules.Validate();
    }
}
