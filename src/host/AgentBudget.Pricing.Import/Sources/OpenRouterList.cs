using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>OpenRouter's public list of models: US dollars per token or each, as strings; tiers under <c>overrides</c>.</summary>
internal sealed class OpenRouterList(JsonElement root, string address, DateOnly retrieved) : ISource
{
    private const decimal Million = 1_000_000m;
    private const string Overrides = "overrides";

    private static readonly Dictionary<string, RateDimension> Keys = new()
    {
        ["prompt"] = RateDimension.Input,
        ["completion"] = RateDimension.Output,
        ["input_cache_read"] = RateDimension.CacheRead,
        ["input_cache_write"] = RateDimension.CacheWrite,
        ["input_cache_write_1h"] = RateDimension.CacheWriteOneHour,
        ["internal_reasoning"] = RateDimension.Reasoning,
        ["audio"] = RateDimension.InputAudio,
        ["audio_output"] = RateDimension.OutputAudio,
        ["image_output"] = RateDimension.OutputImage,
        ["web_search"] = RateDimension.WebSearch,
    };

    private readonly Dictionary<string, JsonElement> models = root.GetProperty("data")
        .EnumerateArray()
        .ToDictionary(model => model.GetProperty("id").GetString()!.ToLowerInvariant());

    public DateOnly Day => retrieved;

    public IReadOnlyCollection<string> NotTaken =>
        new SortedSet<string>(
            models
                .Values.SelectMany(model => model.GetProperty("pricing").EnumerateObject())
                .Select(price => price.Name)
                .Where(name => name != Overrides && !Keys.ContainsKey(name)),
            StringComparer.Ordinal
        );

    public IEnumerable<string> NamesAt(ProviderMapping provider) => provider.OpenRouter ? models.Keys : [];

    public Statement? Find(ProviderMapping provider, string name)
    {
        if (provider.OpenRouter)
            return Read(name);
        return provider.FeesAtOpenRouter is { } prefix && Read(prefix + name) is { } passedOn
            ? passedOn with
            {
                Use = StatementUse.Fees,
            }
            : null;
    }

    private Statement? Read(string name)
    {
        if (!models.TryGetValue(name, out var model))
            return null;
        var sheet = new RateSheet();
        var pricing = model.GetProperty("pricing");
        foreach (var price in pricing.EnumerateObject())
        {
            if (Keys.TryGetValue(price.Name, out var dimension))
                sheet.Set(dimension, UsdOf(price.Value, dimension));
        }

        if (pricing.TryGetProperty(Overrides, out var overrides))
            AddTiers(sheet, overrides);
        if (sheet[RateDimension.Input] is null || sheet[RateDimension.Output] is null)
            return null;
        return new Statement
        {
            Source = "OpenRouter",
            Group = $"openrouter:{name}",
            Rows = [new StatedRow { Standard = sheet }],
            MaxOutputTokens =
                model.GetProperty("top_provider").TryGetProperty("max_completion_tokens", out var most)
                && most.ValueKind == JsonValueKind.Number
                    ? most.GetInt64()
                    : null,
            Address = address,
            Retrieved = retrieved,
        };
    }

    private static void AddTiers(RateSheet sheet, JsonElement overrides)
    {
        foreach (var tier in overrides.EnumerateArray())
        {
            if (!tier.TryGetProperty("min_prompt_tokens", out var threshold))
                continue;
            foreach (var price in tier.EnumerateObject())
            {
                if (Keys.TryGetValue(price.Name, out var dimension) && RateSheet.IsTokens(dimension))
                    sheet.SetTier(threshold.GetInt64(), dimension, UsdOf(price.Value, dimension));
            }
        }
    }

    private static decimal? UsdOf(JsonElement price, RateDimension dimension)
    {
        if (price.ValueKind != JsonValueKind.String)
            return null;
        var usd = decimal.Parse(price.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);
        return RateSheet.IsTokens(dimension) ? usd * Million : usd;
    }
}
