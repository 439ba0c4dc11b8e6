namespace AgentBudget.Pricing.Tests.Files;

/// <summary>Rules at the head of a price file, which fill what rows leave open.</summary>
public class ProviderRuleTests
{
    private const string Row = """
        "rows": [ {
          "usd_per_million_tokens": { "input": "4", "output": "20", "cache_read": "0.4" },
          "context_tiers": [ { "threshold_input_tokens": 1000, "usd_per_million_tokens": { "input": "8", "output": "30" } } ],
          "service_tiers": { "priority": { "usd_per_million_tokens": { "input": "8", "output": "40" } }, "flex": { "usd_per_million_tokens": { "input": "3", "output": "15" } } },
          "source": "https://example.com", "retrieved": "2026-11-28" } ]
        """;

    private static PriceBook Book(string rules) =>
        PriceBook.Parse(
            PriceFile.FromText(
                "acme.json",
                $$"""{ "provider": "acme", "rules": [ {{rules}} ], "models": [ { "model": "m", {{Row}} }, { "model": "other", {{Row}} } ] }"""
            )
        );

    private static Money Cost(PriceBook book, string model, TokenUsage usage, CallTerms terms) =>
        book.Price("acme", model, TestBook.Noon, usage, terms).Cost;

    [Fact]
    public void Batch_ByARule_CostsHalfOfEverything_BeyondAThresholdToo()
    {
        var book = Book(
            """{ "models": ["m"], "service_tiers": { "batch": "0.5" }, "source": "https://example.com", "retrieved": "2026-11-28" }"""
        );
        var batch = new CallTerms("batch");

        Assert.Equal(Money.Parse("0.0011"), Cost(book, "m", new TokenUsage(1000, 0) { CacheRead = 500 }, batch)); // 500 x 2 + 500 x 0.2
        Assert.Equal(Money.Parse("0.023"), Cost(book, "m", new TokenUsage(2000, 1000), batch)); // 2,000 x 4 + 1,000 x 15
        Assert.Equal(PriceWarnings.ServiceTierNotPriced, book.Price("acme", "other", TestBook.Noon, new TokenUsage(1, 1), batch).Warnings);
    }

    [Fact]
    public void ServiceTier_ThatARowStatesInAnotherProportion_IsNotTheRules()
    {
        var book = Book(
            """{ "service_tiers": { "flex": "0.5", "priority": "2" }, "source": "https://example.com", "retrieved": "2026-11-28" }"""
        );

        Assert.Equal(Money.Parse("0.003"), Cost(book, "m", new TokenUsage(1000, 0), new CallTerms("flex")));
        Assert.Equal(Money.Parse("0.0008"), Cost(book, "m", new TokenUsage(1000, 0) { CacheRead = 1000 }, new CallTerms("priority")));
        Assert.Equal(Money.Parse("0.032"), Cost(book, "m", new TokenUsage(2000, 0), new CallTerms("priority")));
    }

    [Theory]
    [InlineData(null, "0.004")]
    [InlineData("global", "0.004")]
    [InlineData("europe-west1", "0.0044")]
    public void Region_ByARule_CostsItsFactor(string? region, string dollars)
    {
        var book = Book(
            """{ "region_multipliers": { "global": "1", "*": "1.1" }, "source": "https://example.com", "retrieved": "2026-11-28" }"""
        );

        Assert.Equal(Money.Parse(dollars), Cost(book, "m", new TokenUsage(1000, 0), new CallTerms(null, region)));
    }

    [Fact]
    public void OneHourOfCache_AndASearch_ByARule_CostWhatItSays()
    {
        var book = Book(
            """{ "cache_write_1h_per_input": "2", "usd_each": { "web_search": "0.01" }, "source": "https://example.com", "retrieved": "2026-11-28" }"""
        );

        Assert.Equal(
            Money.Parse("0.018"),
            Cost(
                book,
                "m",
                new TokenUsage(1000, 0)
                {
                    CacheWrite = 1000,
                    CacheWriteOneHour = 1000,
                    WebSearches = 1,
                },
                default
            )
        );
        Assert.Equal(
            Money.Parse("0.032"),
            Cost(book, "m", new TokenUsage(2000, 0) { CacheWrite = 2000, CacheWriteOneHour = 2000 }, default)
        );
    }

    // Whichever rule stands first.
    [Fact]
    public void Batch_AndAnHourOfCacheByAnotherRule_CostsItsFactorOfEveryTokenRate()
    {
        var book = Book(
            """
            { "service_tiers": { "batch": "0.5" }, "source": "https://example.com", "retrieved": "2026-11-28" },
            { "cache_write_1h_per_input": "2", "source": "https://example.com", "retrieved": "2026-11-28" }
            """
        );

        foreach (var input in (long[])[900, 2000])
        {
            foreach (var usage in EveryTokenPart(input))
                Assert.Equal(Cost(book, "m", usage, default).NanoDollars, 2 * Cost(book, "m", usage, new CallTerms("batch")).NanoDollars);
        }
    }

    [Theory]
    [InlineData("*m", "0.008", "0.016")]
    [InlineData("oth", "0.016", "0.008")]
    [InlineData("*the", "0.016", "0.008")]
    [InlineData("the", "0.016", "0.016")]
    public void Rule_OfAPartOfAName_HoldsWhereverItStands(string named, string ofM, string ofOther)
    {
        var rule =
            $$"""{ "models": ["{{named}}"], "service_tiers": { "batch": "0.5" }, "source": "https://example.com", "retrieved": "2026-11-28" }""";
        var batch = new CallTerms("batch");
        Assert.Equal(Money.Parse(ofM), Cost(Book(rule), "m", new TokenUsage(2000, 0), batch));
        Assert.Equal(Money.Parse(ofOther), Cost(Book(rule), "other", new TokenUsage(2000, 0), batch));
    }

    [Theory]
    [InlineData("""{ "input": "4", "output": "20", "cache_read": "0.4" }""", "0.0004")]
    [InlineData("""{ "input": "4", "output": "20" }""", "0.002")]
    public void Batch_ThatKeepsCacheReads_HalvesTheRest(string rates, string cached)
    {
        var book = PriceBook.Parse(
            PriceFile.FromText(
                "acme.json",
                $$"""
                { "provider": "acme",
                  "rules": [ { "service_tiers": { "batch": "0.5" }, "service_tiers_keep_cache_reads": true, "source": "https://example.com", "retrieved": "2026-11-28" } ],
                  "models": [ { "model": "m", "rows": [ { "usd_per_million_tokens": {{rates}}, "source": "https://example.com", "retrieved": "2026-11-28" } ] } ] }
                """
            )
        );
        var batch = new CallTerms("batch");
        Assert.Equal(Money.Parse("0.002"), Cost(book, "m", new TokenUsage(1000, 0), batch));
        Assert.Equal(Money.Parse(cached), Cost(book, "m", new TokenUsage(1000, 0) { CacheRead = 1000 }, batch));
    }

    private static IEnumerable<TokenUsage> EveryTokenPart(long input) =>
        [
            new(input, 100),
            new(input, 100) { CacheRead = input },
            new(input, 100) { CacheWrite = input },
            new(input, 100) { CacheWrite = input, CacheWriteOneHour = input },
            new(input, 100) { Reasoning = 100 },
            new(input, 100) { InputAudio = input, OutputAudio = 100 },
            new(input, 100) { InputImage = input, OutputImage = 100 },
        ];

    [Theory]
    [InlineData(
        """{ "service_tiers": { "standard": "0.5" }, "source": "https://example.com", "retrieved": "2026-11-28" }""",
        "other than the standard one"
    )]
    [InlineData("""{ "service_tiers": { "batch": "0.5" }, "retrieved": "2026-11-28" }""", "\"source\" is missing")]
    [InlineData("""{ "batch": "0.5", "source": "https://example.com", "retrieved": "2026-11-28" }""", "not a known property")]
    public void Rule_ThatIsNoRule_IsRefused(string rule, string problem) =>
        Assert.Contains(problem, Assert.Throws<PriceTableException>(() => Book(rule)).Message, StringComparison.Ordinal);
}
