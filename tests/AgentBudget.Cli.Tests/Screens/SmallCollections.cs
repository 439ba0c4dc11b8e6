using System.Globalization;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>Collections of two models for <c>pricing import</c>, and a price file that they change: a new model, a rate that moves, one
/// that moves more than fivefold, a name that vanishes and a model kept by hand.</summary>
internal static class SmallCollections
{
    /// <summary>Writes them; a folder <c>sources</c> and one <c>table</c>.</summary>
    public static void Write(string folder)
    {
        Write(folder, "sources/genai-prices/data.v2.json", "[]");
        Write(folder, "sources/openrouter/openrouter_models.2026-08-01.json", """{ "data": [] }""");
        Write(folder, "sources/pi-ai/models.json", "{}");
        Directory.CreateDirectory(Path.Combine(folder, "sources/models.dev/providers/acme/models"));
        Write(
            folder,
            "sources/litellm/model_prices_and_context_window.json",
            $$"""
            { {{Entry("a-new-model-with-a-name-of-some-length-2026", 1)}}, {{Entry("moves", 2)}}, {{Entry("jumps", 60)}}, {{Entry(
                "kept",
                4
            )}} }
            """
        );
        Write(
            folder,
            "table/acme.json",
            $$"""
            { "$schema": "schema.json", "provider": "acme", "first_party": true, "import": { "litellm": ["acme"] },
              "models": [ {{Model("jumps", 5)}}, {{Model("kept", 5, "the vendor's page")}}, {{Model("moves", 1)}}, {{Model(
                "vanishes",
                1
            )}} ] }
            """
        );
    }

    private static string Entry(string model, int usd) =>
        $$"""
            "{{model}}": { "litellm_provider": "acme", "mode": "chat",
              "input_cost_per_token": {{(usd / 1_000_000m).ToString(CultureInfo.InvariantCulture)}}, "output_cost_per_token": 0.00001 }
            """;

    private static string Model(string model, int usd, string? keptByHand = null) =>
        $$"""
            { "model": "{{model}}",{{(keptByHand is null ? "" : $" \"kept_by_hand\": \"{keptByHand}\",")}}
              "rows": [ { "usd_per_million_tokens": { "input": "{{usd}}", "output": "10" },
                "source": "https://example.com/a/page/of/a/vendor/with/a/long/address/prices.html", "retrieved": "2026-07-01" } ] }
            """;

    private static void Write(string folder, string name, string text)
    {
        var file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
