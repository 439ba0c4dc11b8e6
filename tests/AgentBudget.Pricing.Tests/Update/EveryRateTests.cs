using System.Text.Json;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>An update of what is priced beside input and output: tiers, regions, fees, prices for hours of a day.</summary>
public class EveryRateTests
{
    private static readonly DateOnly Day = new(2027, 1, 15);

    private static readonly DateTimeOffset Today = new(2027, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Before = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private const string Row = """
        "usd_per_million_tokens": { "input": "2", "output": "10" }, "usd_each": { "web_search": "0.01" },
        "service_tiers": { "batch": { "usd_per_million_tokens": { "input": "1", "output": "5" } } },
        "region_multipliers": { "us": "1.1" }, "source": "https://example.com/prices", "retrieved": "2026-11-20"
        """;

    private const string Same = """
        "input_cost_per_token": 2e-06, "output_cost_per_token": 10e-06,
        "input_cost_per_token_batches": 1e-06, "output_cost_per_token_batches": 5e-06,
        "search_context_cost_per_query": { "search_context_size_medium": 0.01 },
        "regional_processing_uplift_multiplier_us": 1.1
        """;

    public static TheoryData<string, string, string> Moves =>
        new()
        {
            { "_batches\": 1e-06", "_batches\": 1.5e-06", "~ m: batch input 1 -> 1.5" },
            { "medium\": 0.01", "medium\": 0.02", "~ m: web_search 0.01 -> 0.02" },
            { "uplift_multiplier_us\": 1.1", "uplift_multiplier_us\": 1.2", "~ m: region us 1.1 -> 1.2" },
        };

    [Theory]
    [MemberData(nameof(Moves))]
    public void Change_OfATierARegionOrAFee_IsAChangeWhileTheTokensCostTheSame(string was, string becomes, string line)
    {
        Assert.False(Update(Row, Same).HasChanges);

        var update = Update(Row, Same.Replace(was, becomes, StringComparison.Ordinal));

        Assert.Equal([line], update.Providers.Single().Changes);
        var book = PriceBook.Parse(PriceFile.FromText("acme.json", update.Providers.Single().Text));
        Assert.NotEqual(Priced(book, Before), Priced(book, Today));
        Assert.Equal(Priced(PriceBook.Parse(Table(Row)), Today), Priced(book, Before));
    }

    [Theory]
    [InlineData("_batches\": 1e-06", "_batches\": 6e-06", "m: batch input 1 -> 6")]
    [InlineData("medium\": 0.01", "medium\": 0.06", "m: web_search 0.01 -> 0.06")]
    [InlineData("uplift_multiplier_us\": 1.1", "uplift_multiplier_us\": 11", "m: region us 1.1 -> 11")]
    public void Move_OfMoreThanFivefoldInATierARegionOrAFee_IsRefused(string was, string becomes, string why)
    {
        var update = Update(Row, Same.Replace(was, becomes, StringComparison.Ordinal));

        Assert.Equal(why, Assert.Single(update.Refused).Reason);
    }

    // A batch tier that costs more than it did, and one that a newer source states and an older one did not know.
    [Fact]
    public void TierThatNobodyKnewBefore_IsOfTheRowThatHolds()
    {
        const string plain = """
            "usd_per_million_tokens": { "input": "2", "output": "10" }, "source": "https://example.com/prices", "retrieved": "2026-11-20"
            """;

        var update = Update(plain, Same);

        var line = Assert.Single(update.Providers.Single().Changes);
        Assert.Contains("batch input (not stated) -> 1", line, StringComparison.Ordinal);
        var book = PriceBook.Parse(PriceFile.FromText("acme.json", update.Providers.Single().Text));
        Assert.Single(book.Rows);
    }

    // Taken for today's, it would be in force before its day.
    [Fact]
    public void PriceThatACollectionAnnounces_HoldsFromItsDay()
    {
        const string prices = """
            [ { "prices": { "input_mtok": 2, "output_mtok": 10 } },
              { "constraint": { "start_date": "2027-03-01" }, "prices": { "input_mtok": 3, "output_mtok": 15 } } ]
            """;
        var genAi = $$"""[ { "id": "acme", "models": [ { "id": "m", "match": { "equals": "m" }, "prices": {{prices}} } ] } ]""";

        var update = Update(Row, Source("genai-prices", genAi));

        var file = PriceFile.FromText("acme.json", update.Providers.Single().Text);
        Assert.Equal((2, 2), (InputAt(file, Before), InputAt(file, Today)));
        Assert.Equal(2, InputAt(file, new DateTimeOffset(2027, 2, 28, 23, 0, 0, TimeSpan.Zero)));
        Assert.Equal(3, InputAt(file, new DateTimeOffset(2027, 3, 1, 0, 0, 0, TimeSpan.Zero)));
        var again = PriceUpdate.Derive("nowhere", [file], [Source("genai-prices", genAi)], [], Day);
        Assert.Equal(update.Providers.Single().Text, again.Providers.Single().Text);
    }

    private static decimal? InputAt(PriceFile file, DateTimeOffset at)
    {
        Assert.True(PriceBook.Parse(file).TryResolve("acme", "m", at, out var row));
        return row.Rates[RateDimension.Input];
    }

    private static Money Priced(PriceBook book, DateTimeOffset at)
    {
        var usage = new TokenUsage(1_000_000, 1_000_000) { WebSearches = 10 };
        return book.Price("acme", "m", at, usage, new CallTerms("batch", "us")).Cost;
    }

    private static PriceUpdate Update(string row, string liteLlm) =>
        Update(row, Source("litellm", $$"""{ "m": { "litellm_provider": "acme", "mode": "chat", {{liteLlm}} } }"""));

    private static PriceUpdate Update(string row, FetchedSource source) => PriceUpdate.Derive("nowhere", [Table(row)], [source], [], Day);

    private static FetchedSource Source(string name, string json) =>
        new(name, new Uri("https://example.com/"), JsonDocument.Parse(json).RootElement, Day);

    private static PriceFile Table(string row) =>
        PriceFile.FromText(
            "acme.json",
            $$"""
            { "provider": "acme", "import": { "genai_prices": "acme", "litellm": ["acme"] },
              "models": [ { "model": "m", "rows": [ { {{row}} } ] } ] }
            """
        );
}
