using System.Text.Json;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>
/// pi-ai's generated list of chat models: US dollars per million tokens, tiers under <c>tiers</c>. A zero says that a rate is not stated; a
/// model whose input and output are zero is a plan of its seller and no price, unless its name ends in <c>:free</c>.
/// </summary>
internal sealed class PiAiList(JsonElement root, string commit, DateOnly retrieved) : ISource
{
    private static readonly (string Key, RateDimension Dimension)[] Keys =
    [
        ("input", RateDimension.Input),
        ("output", RateDimension.Output),
        ("cacheRead", RateDimension.CacheRead),
        ("cacheWrite", RateDimension.CacheWrite),
    ];

    private readonly Dictionary<string, Dictionary<string, JsonElement>> byProvider = root.EnumerateObject()
        .ToDictionary(
            provider => provider.Name,
            provider => provider.Value.EnumerateObject().ToDictionary(model => model.Name.ToLowerInvariant(), model => model.Value)
        );

    public DateOnly Day => retrieved;

    public IEnumerable<string> NamesAt(ProviderMapping provider) =>
        provider.PiAi.Where(byProvider.ContainsKey).SelectMany(id => byProvider[id].Keys);

    public Statement? Find(ProviderMapping provider, string name)
    {
        foreach (var models in provider.PiAi.Where(byProvider.ContainsKey).Select(id => byProvider[id]))
        {
            if (models.TryGetValue(name, out var model))
                return Read(name, model);
        }

        return null;
    }

    private Statement? Read(string name, JsonElement model)
    {
        if (SheetOf(name, model.GetProperty("cost")) is not { } sheet)
            return null;
        return new Statement
        {
            Source = "pi-ai",
            // The regions of one Bedrock model are one model where their prices are.
            Group = $"pi-ai:{(BedrockName.TryStripRegion(name, out var anywhere) ? anywhere.ToString() : name)}",
            Rows = [new StatedRow { Standard = sheet }],
            MaxOutputTokens =
                model.TryGetProperty("max_output", out var most) && most.TryGetInt64(out var tokens) && tokens > 0 ? tokens : null,
            Address = $"https://github.com/earendil-works/pi/tree/{commit}/packages/ai",
            Retrieved = retrieved,
        };
    }

    private static RateSheet? SheetOf(string name, JsonElement cost)
    {
        var sheet = new RateSheet();
        foreach (var (key, dimension) in Keys)
            sheet.Set(dimension, Stated(cost, key));
        if (sheet.IsEmpty)
        {
            if (!name.EndsWith(":free", StringComparison.Ordinal))
                return null;
            sheet.Set(RateDimension.Input, 0);
        }

        // One half of a price may be free: an embedding has no output.
        sheet.Set(RateDimension.Input, sheet[RateDimension.Input] ?? 0);
        sheet.Set(RateDimension.Output, sheet[RateDimension.Output] ?? 0);
        if (!cost.TryGetProperty("tiers", out var tiers))
            return sheet;
        foreach (var tier in tiers.EnumerateArray())
        {
            foreach (var (key, dimension) in Keys)
                sheet.SetTier(tier.GetProperty("inputTokensAbove").GetInt64(), dimension, Stated(tier, key));
        }

        return sheet;
    }

    private static decimal? Stated(JsonElement rates, string key) =>
        rates.TryGetProperty(key, out var usd) && usd.ValueKind == JsonValueKind.Number && usd.GetDecimal() is not 0 and var stated
            ? stated
            : null;
}
