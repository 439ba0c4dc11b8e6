using System.Text.Json;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>
/// models.dev as it is published for programs, one JSON object of all providers: US dollars per million tokens under <c>cost</c>, tiers
/// under <c>tiers</c> with their size, or under <c>context_over_200k</c>.
/// </summary>
internal sealed class ModelsDevList : ISource
{
    private const string Tiers = "tiers";
    private const string Beyond200K = "context_over_200k";

    private static readonly (string Key, RateDimension Dimension)[] Keys =
    [
        ("input", RateDimension.Input),
        ("output", RateDimension.Output),
        ("cache_read", RateDimension.CacheRead),
        ("cache_write", RateDimension.CacheWrite),
        ("reasoning", RateDimension.Reasoning),
        ("input_audio", RateDimension.InputAudio),
        ("output_audio", RateDimension.OutputAudio),
    ];

    private static readonly string[] Taken = [.. Keys.Select(key => key.Key), Tiers, Beyond200K];

    private readonly SortedSet<string> notTaken = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Provider, string Name), Statement> statements = [];

    public ModelsDevList(JsonElement root, string address, DateOnly retrieved)
    {
        Day = retrieved;
        foreach (var provider in root.EnumerateObject())
        {
            foreach (var model in provider.Value.GetProperty("models").EnumerateObject())
            {
                var name = model.Name.ToLowerInvariant();
                if (model.Value.TryGetProperty("cost", out var cost))
                    notTaken.UnionWith(cost.EnumerateObject().Select(rate => rate.Name).Except(Taken));
                if (Read(model.Value, name, address, retrieved) is { } statement)
                    statements[(provider.Name, name)] = statement;
            }
        }
    }

    public DateOnly Day { get; }

    public IReadOnlyCollection<string> NotTaken => notTaken;

    public IEnumerable<string> NamesAt(ProviderMapping provider) =>
        statements.Keys.Where(key => provider.ModelsDev.Contains(key.Provider)).Select(key => key.Name);

    public Statement? Find(ProviderMapping provider, string name) =>
        provider.ModelsDev.Select(id => statements.GetValueOrDefault((id, name))).FirstOrDefault(found => found is not null);

    private static Statement? Read(JsonElement model, string name, string address, DateOnly retrieved)
    {
        if (!model.TryGetProperty("cost", out var cost))
            return null;
        var sheet = new RateSheet();
        foreach (var (key, dimension) in Keys)
            sheet.Set(dimension, Usd(cost, key));
        if (sheet[RateDimension.Input] is null || sheet[RateDimension.Output] is null)
            return null;
        AddTiers(sheet, cost);
        return new Statement
        {
            Source = "models.dev",
            Group = $"models.dev:{name}",
            Rows = [new StatedRow { Standard = sheet }],
            MaxOutputTokens =
                model.TryGetProperty("limit", out var limit)
                && limit.TryGetProperty("output", out var most)
                && most.TryGetInt64(out var tokens)
                && tokens > 0
                    ? tokens
                    : null,
            Address = address,
            Retrieved = retrieved,
        };
    }

    private static void AddTiers(RateSheet sheet, JsonElement cost)
    {
        if (cost.TryGetProperty(Tiers, out var tiers))
        {
            foreach (var tier in tiers.EnumerateArray())
                AddTier(sheet, tier.GetProperty("tier").GetProperty("size").GetInt64(), tier);
        }
        else if (cost.TryGetProperty(Beyond200K, out var beyond))
        {
            AddTier(sheet, 200_000, beyond);
        }
    }

    private static void AddTier(RateSheet sheet, long threshold, JsonElement rates)
    {
        foreach (var (key, dimension) in Keys)
            sheet.SetTier(threshold, dimension, Usd(rates, key));
    }

    private static decimal? Usd(JsonElement rates, string key) => rates.TryGetProperty(key, out var usd) ? usd.GetDecimal() : null;
}
