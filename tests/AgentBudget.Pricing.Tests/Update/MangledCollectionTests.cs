using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>Collections of which one value is another than its form has: an update is made of them, or refused with a reason.</summary>
public class MangledCollectionTests
{
    private static readonly DateOnly Day = new(2027, 1, 15);

    private static readonly string[] Values =
    [
        "null",
        "{}",
        "[]",
        "[null]",
        "\"\"",
        "\"x\"",
        "\"\\ud800\"",
        "true",
        "-1",
        "0",
        "0.00000000000000000000000001",
        "1e-400",
        "1e400",
        "79228162514264337593543950335",
        "{\"base\":1,\"tiers\":[{\"start\":-5,\"price\":1}]}",
        "{\"start_date\":\"x\"}",
    ];

    private static readonly Dictionary<string, string> Collections = new()
    {
        ["genai-prices"] = """
            [ { "id": "acme", "models": [ { "id": "m", "match": { "or": [ { "equals": "m" }, { "starts_with": "m-" } ] },
              "prices": [ { "prices": { "input_mtok": { "base": 1, "tiers": [ { "start": 1000, "price": 2 } ] }, "output_mtok": 2 } },
                { "constraint": { "start_date": "2026-12-01" }, "prices": { "input_mtok": 1, "output_mtok": 2, "web_searches_kcount": 5 } } ] } ] } ]
            """,
        ["litellm"] = """
            { "m": { "litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
              "input_cost_per_token_above_200k_tokens": 2e-06, "input_cost_per_token_priority": 2e-06, "output_cost_per_token_priority": 3e-06,
              "search_context_cost_per_query": { "search_context_size_medium": 0.01 }, "max_output_tokens": 100,
              "tiered_pricing": [ { "range": [0, 1000], "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 } ],
              "regional_processing_uplift_multiplier_eu": 1.1, "provider_specific_entry": { "us": 1.1, "fast": 6 } } }
            """,
        ["openrouter"] = """
            { "data": [ { "id": "acme/m", "pricing": { "prompt": "0.000001", "completion": "0.000002", "web_search": "0.01",
              "overrides": [ { "min_prompt_tokens": 1000, "prompt": "0.000002" } ] }, "top_provider": { "max_completion_tokens": 5 } } ] }
            """,
        ["models.dev"] = """
            { "acme": { "id": "acme", "models": { "m": { "cost": { "input": 1, "output": 2, "cache_read": 0.1,
              "tiers": [ { "tier": { "size": 1000 }, "input": 2, "output": 3 } ], "context_over_200k": { "input": 2 } }, "limit": { "output": 5 } } } } }
            """,
    };

    public static TheoryData<string> Names => [.. Collections.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void CollectionOfWhichAValueIsAnother_IsTakenOrRefusedWithAReason(string name)
    {
        var refused = 0;
        foreach (var mangled in Mangled(Collections[name]))
        {
            try
            {
                var sources = Collections.Select(entry => Source(entry.Key, entry.Key == name ? mangled : entry.Value)).ToArray();
                var update = PriceUpdate.Derive("nowhere", [PriceFile.FromText("acme.json", PriceUpdateTests.Table)], sources, [], Day);
                Assert.NotEmpty(update.Version);
            }
            catch (PriceUpdateException failed)
            {
                refused++;
                Assert.EndsWith("Nothing was changed.", failed.Message, StringComparison.Ordinal);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"{exception.GetType()} {exception.Message} of {mangled}");
            }
        }

        Assert.True(refused > 5, refused.ToString(CultureInfo.InvariantCulture));
    }

    private static FetchedSource Source(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        return new FetchedSource(name, new Uri("https://example.com/"), document.RootElement.Clone(), Day);
    }

    private static IEnumerable<string> Mangled(string json)
    {
        var places = Places(JsonNode.Parse(json)!).Count();
        for (var place = 0; place < places; place++)
        {
            foreach (var value in Values)
                yield return With(json, place, value);
            yield return With(json, place, null);
        }
    }

    // The value at a place in another's place, or without it.
    private static string With(string json, int place, string? value)
    {
        const string mark = "\"the place\"";
        var root = JsonNode.Parse(json)!;
        var node = Places(root).ElementAt(place);
        if (node.Parent is JsonObject holder && value is null)
            holder.Remove(node.GetPropertyName());
        else
            node.ReplaceWith("the place");
        return root.ToJsonString().Replace(mark, value ?? "7", StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Places(JsonNode node)
    {
        var children = node switch
        {
            JsonObject holder => holder.Select(property => property.Value),
            JsonArray list => list,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Places(child).Prepend(child));
    }
}
