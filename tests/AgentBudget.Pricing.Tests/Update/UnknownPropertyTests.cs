using System.Text.Json;
using AgentBudget.Pricing.Import;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>What an update does not know, in the table or in a collection, stops nothing, and nothing is lost.</summary>
public class UnknownPropertyTests
{
    private const string File = """
        { "provider": "acme", "import": { "genai_prices": "acme" }, "models": [ { "model": "m", "rows": [ {
          "usd_per_million_tokens": { "input": "1", "output": "2" }, "usd_each": { "web_search": "0.01" },
          "min_web_searches": 1, "max_web_searches": 3, "of_another_day": { "deep": [1, "x"] },
          "source": "https://example.com/prices", "retrieved": "2026-11-20" } ] } ] }
        """;

    [Theory]
    [InlineData("1", "2", 1)]
    [InlineData("1.5", "2", 2)]
    public void RowProperty_ThatAnUpdateHasNoUseFor_StaysWithItsModel(string input, string output, int rows)
    {
        using var file = JsonDocument.Parse(File);
        var source = GenAi($$"""{ "input_mtok": {{input}}, "output_mtok": {{output}} }""");
        var known = PresentRows.Of(file.RootElement, new DateOnly(2027, 1, 14));

        var text = PriceImport.DeriveText(
            file.RootElement,
            ProviderMapping.Read(file.RootElement.GetProperty("import")),
            [source],
            known,
            out _
        );

        using var derived = JsonDocument.Parse(text);
        var written = derived.RootElement.GetProperty("models")[0].GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(rows, written.Count(row => !row.TryGetProperty("note", out var note) || !note.GetString()!.StartsWith("Between")));
        Assert.All(written, row => Assert.Equal(3, row.GetProperty("max_web_searches").GetInt32()));
        Assert.All(written, row => Assert.Equal("x", row.GetProperty("of_another_day").GetProperty("deep")[1].GetString()));
    }

    // Taken for a price that holds always, it would be in force everywhere.
    [Fact]
    public void PriceOnAConditionThatIsNotKnown_IsNotTaken()
    {
        var source = GenAi(
            """
            [ { "prices": { "input_mtok": 1, "output_mtok": 2 } },
              { "constraint": { "region": "eu" }, "prices": { "input_mtok": 9, "output_mtok": 9 } } ]
            """
        );

        var row = Assert.Single(source.Find(ProviderAcme(), "m")!.Rows);
        Assert.Equal(1m, row.Standard[RateDimension.Input]);
        Assert.Equal(["region"], source.NotTaken);
    }

    public static TheoryData<string, string, string[]> Collections =>
        new()
        {
            {
                "genai-prices",
                """[ { "id": "acme", "models": [ { "id": "m", "match": { "equals": "m" }, "prices": { "input_mtok": 1, "output_mtok": 2, "input_smell_mtok": { "odd": [] } } } ] } ]""",
                ["input_smell_mtok"]
            },
            {
                "litellm",
                """{ "m": { "litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens_flex": 1e-06, "smell_cost_per_token": { }, "max_tokens": 1 } }""",
                ["smell_cost_per_token"]
            },
            {
                "openrouter",
                """{ "data": [ { "id": "m", "pricing": { "prompt": "0.000001", "completion": "0.000002", "smell": [1] }, "top_provider": {} } ] }""",
                ["smell"]
            },
            { "models.dev", """{ "acme": { "models": { "m": { "cost": { "input": 1, "output": 2, "smell": {} } } } } }""", ["smell"] },
        };

    [Theory]
    [MemberData(nameof(Collections))]
    public void CollectionWithAPriceOfAnUnknownKind_IsTakenAndTheKindIsNamed(string name, string json, string[] notTaken)
    {
        var source = new FetchedSource(name, new Uri("https://example.com/"), Parse(json), new DateOnly(2027, 1, 15));

        Assert.Equal(1m, source.Find(ProviderAcme(), "m")!.Current.Standard[RateDimension.Input]);
        Assert.Equal(notTaken, source.NotTaken);
        Assert.Contains(notTaken[0], source.DescribeNotTaken(), StringComparison.Ordinal);
    }

    private static GenAiPrices GenAi(string prices) =>
        new(
            Parse($$"""[ { "id": "acme", "models": [ { "id": "m", "match": { "equals": "m" }, "prices": {{prices}} } ] } ]"""),
            "main",
            new DateOnly(2027, 1, 15)
        );

    private static ProviderMapping ProviderAcme() =>
        ProviderMapping.Read(Parse("""{ "genai_prices": "acme", "litellm": ["acme"], "openrouter": true, "models_dev": ["acme"] }"""));

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
