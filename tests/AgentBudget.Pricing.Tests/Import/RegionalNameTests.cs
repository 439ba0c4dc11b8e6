using System.Text.Json;
using AgentBudget.Pricing.Import;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Import;

/// <summary>Names with a region in front, of which a newer source knows the model only.</summary>
public sealed class RegionalNameTests : IDisposable
{
    private const string Rules =
        """[ { "models": ["m"], "region_multipliers": { "us": "1.1", "eu": "1.1" }, "source": "https://example.com", "retrieved": "2026-11-28" } ]""";

    private readonly SmallSources sources = new();

    public RegionalNameTests() => sources.WritePriceFile("[]", rules: Rules);

    public void Dispose() => sources.Dispose();

    private static DateTimeOffset Day(string day) => new(DateOnly.ParseExact(day, "yyyy-MM-dd", null), TimeOnly.MinValue, TimeSpan.Zero);

    private static string Price(string input, string output, string others = "") =>
        $""" "input_cost_per_token": {input}e-06, "output_cost_per_token": {output}e-06 {others} """;

    private Rates At(string day, string model) =>
        sources.Book().TryResolve("acme", model, Day(day), out var row) ? row.Rates : throw new InvalidOperationException(model);

    [Fact]
    public void Region_OfAModelWhosePriceMoved_FollowsItWithItsUplift()
    {
        sources.LiteLlm("m", Price("5", "30", """, "cache_read_input_token_cost": 5e-07"""));
        sources.LiteLlm(
            "us/m",
            Price(
                "5.5",
                "33",
                """, "cache_read_input_token_cost": 5.5e-07, "input_cost_per_token_priority": 11e-06, "output_cost_per_token_priority": 66e-06"""
            )
        );
        sources.PiAi("m", """{ "input": 4, "output": 20, "cacheRead": 0.4, "cacheWrite": 0 }""");

        var (before, between, after) = (At("2026-08-21", "us/m"), At("2026-09-01", "us/m"), At("2026-11-20", "us/m"));

        Assert.Equal((5.5m, 33m), (before[RateDimension.Input], before[RateDimension.Output]));
        Assert.Equal((5.5m, 33m), (between[RateDimension.Input], between[RateDimension.Output]));
        Assert.Equal((4.4m, 22m), (after[RateDimension.Input], after[RateDimension.Output]));
        Assert.Equal(0.44m, after[RateDimension.CacheRead]);
        Assert.True(sources.Book().TryResolve("acme", "us/m", Day("2026-11-20"), out var row));
        Assert.Equal(8.8m, row.ServiceTiers.Single(tier => tier.Name == "priority").Rates[RateDimension.Input]);
    }

    // It costs what it cost at the model's old price: that was a region's, or a slip, and nothing is known of its region now.
    [Theory]
    [InlineData("us/m", "5", "30")]
    [InlineData("us/m", "5.5", "40")]
    [InlineData("ap/m", "5.5", "33")]
    [InlineData("us/other", "5.5", "33")]
    public void Region_ThatDidNotHaveTheFactorOfARule_StaysAsItWas(string name, string input, string output)
    {
        sources.LiteLlm("m", Price("5", "30"));
        sources.LiteLlm("other", Price("5", "30"));
        sources.LiteLlm(name, Price(input, output));
        sources.PiAi("m", """{ "input": 4, "output": 20 }""");

        Assert.Equal(decimal.Parse(input, null), At("2026-11-20", name)[RateDimension.Input]);
    }

    // Rounded to the cent by its source, and not moved at all.
    [Fact]
    public void Region_OfAModelWhosePriceStands_StaysToTheCent()
    {
        sources.LiteLlm("m", Price("1.25", "10"));
        sources.LiteLlm("eu/m", Price("1.38", "11"));
        sources.PiAi("m", """{ "input": 1.25, "output": 10 }""");

        Assert.Equal(1.38m, At("2026-11-20", "eu/m")[RateDimension.Input]);
    }

    // An update meets a collection that still has the old price of the model, outvoted, and of its region, where nobody else speaks.
    [Fact]
    public void RegionInAnUpdate_OfASourceThatIsNotBelievedOfTheModel_KeepsTheUplift()
    {
        var file = Parse(
            $$"""
            { "provider": "acme", "import": { "genai_prices": "acme", "litellm": ["acme"], "models_dev": ["acme"] }, "rules": {{Rules}}, "models": [
              { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "4", "output": "20" }, {{Source}} } ] },
              { "model": "us/m", "rows": [ { "usd_per_million_tokens": { "input": "4.4", "output": "22" }, {{Source}} } ] } ] }
            """
        );
        var day = new DateOnly(2027, 1, 15);
        FetchedSource[] fetched =
        [
            Fetched(
                "genai-prices",
                """[ { "id": "acme", "models": [ { "id": "m", "match": { "equals": "m" }, "prices": { "input_mtok": 4, "output_mtok": 20 } } ] } ]"""
            ),
            Fetched("models.dev", """{ "acme": { "models": { "m": { "cost": { "input": 4, "output": 20 } } } } }"""),
            Fetched(
                "litellm",
                $$"""{ "m": { "litellm_provider": "acme", "mode": "chat", {{Price("5", "30")}} }, "us/m": { "litellm_provider": "acme", "mode": "chat", {{Price("5.5", "33")}} } }"""
            ),
        ];

        var text = PriceImport.DeriveText(file, ProviderMapping.Of(file)!, fetched, PresentRows.Of(file, day.AddDays(-1)), out _);

        Assert.True(PriceBook.Parse(PriceFile.FromText("acme.json", text)).TryResolve("acme", "us/m", Day("2027-01-15"), out var row));
        Assert.Equal((4.4m, 22m), (row.Rates[RateDimension.Input], row.Rates[RateDimension.Output]));

        FetchedSource Fetched(string name, string json) => new(name, new Uri("https://example.com/"), Parse(json), day);
    }

    [Theory]
    [InlineData("0.25", "1.25", "1")]
    [InlineData("0.9", "4.5", "0.9")]
    public void Region_ThatIsFarCheaperThanItsModel_IsASlipAndCostsWhatTheModelCosts(string input, string output, string expected)
    {
        sources.WritePriceFile("[]", rules: Rules);
        sources.LiteLlm("anthropic.m", Price("1", "5"));
        sources.LiteLlm("eu.anthropic.m", Price(input, output));
        var book = PriceBook.Parse(
            PriceFile.FromText(
                "acme.json",
                sources
                    .Run()
                    .Text.Replace(
                        "\"provider\": \"acme\",",
                        "\"provider\": \"acme\", \"name_forms\": [\"bedrock\"],",
                        StringComparison.Ordinal
                    )
            )
        );

        Assert.True(book.TryResolve("acme", "eu.anthropic.m", Day("2026-11-20"), out var row));
        Assert.Equal(decimal.Parse(expected, null), row.Rates[RateDimension.Input]);
    }

    private const string Source = """ "source": "https://example.com/prices", "retrieved": "2026-11-20" """;

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
