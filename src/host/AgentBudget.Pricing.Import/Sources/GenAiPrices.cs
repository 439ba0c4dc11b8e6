using System.Globalization;
using System.Text.Json;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>
/// genai-prices, <c>data.v2.json</c>: US dollars per million tokens or per thousand, tiers by rate, prices by start date and by time of
/// day. Keys that the table has no dimension for are left out, and so are prices on a condition that it does not know.
/// </summary>
internal sealed class GenAiPrices : ISource
{
    private const decimal Thousand = 1000m;

    private static readonly Dictionary<string, (RateDimension Dimension, decimal Per)> Keys = new()
    {
        ["input_mtok"] = (RateDimension.Input, 1),
        ["output_mtok"] = (RateDimension.Output, 1),
        ["cache_read_mtok"] = (RateDimension.CacheRead, 1),
        ["cache_write_mtok"] = (RateDimension.CacheWrite, 1),
        ["cache_write_1h_mtok"] = (RateDimension.CacheWriteOneHour, 1),
        ["output_reasoning_mtok"] = (RateDimension.Reasoning, 1),
        ["input_audio_mtok"] = (RateDimension.InputAudio, 1),
        ["output_audio_mtok"] = (RateDimension.OutputAudio, 1),
        ["input_image_mtok"] = (RateDimension.InputImage, 1),
        ["output_image_mtok"] = (RateDimension.OutputImage, 1),
        ["cache_audio_read_mtok"] = (RateDimension.CacheReadAudio, 1),
        ["cache_image_read_mtok"] = (RateDimension.CacheReadImage, 1),
        ["input_characters_mcount"] = (RateDimension.InputCharacters, 1),
        ["web_searches_kcount"] = (RateDimension.WebSearch, Thousand),
        ["rerank_searches_kcount"] = (RateDimension.RerankSearch, Thousand),
        ["requests_kcount"] = (RateDimension.Request, Thousand),
    };

    private static readonly string[] Conditions = ["start_date", "start_time", "end_time"];

    private readonly Dictionary<string, JsonElement[]> models;
    private readonly string commit;

    public GenAiPrices(JsonElement root, string commit, DateOnly retrieved)
    {
        (this.commit, Day) = (commit, retrieved);
        models = root.EnumerateArray()
            .ToDictionary(
                provider => provider.GetProperty("id").GetString()!,
                provider => provider.GetProperty("models").EnumerateArray().ToArray()
            );
        NotTaken = NotTakenOf(models.Values.SelectMany(all => all));
    }

    public DateOnly Day { get; }

    public IReadOnlyCollection<string> NotTaken { get; }

    public IEnumerable<string> NamesAt(ProviderMapping provider)
    {
        foreach (var model in ModelsAt(provider))
        {
            var id = model.GetProperty("id").GetString()!.ToLowerInvariant();
            var match = model.GetProperty("match");
            if (GenAiMatch.Matches(match, id) && char.IsAsciiLetterOrDigit(id[^1]))
                yield return id;
            foreach (var name in GenAiMatch.TextsOf(match, "equals"))
                yield return name;
            if (!provider.PatternsAreNames)
                continue;
            foreach (var name in GenAiMatch.TextsOf(match, "starts_with", "contains"))
                yield return name;
        }
    }

    public Statement? Find(ProviderMapping provider, string name)
    {
        if (provider.GenAiPrices is not { } own)
            return null;
        foreach (var id in provider.GenAiPricesFallbacks.Prepend(own))
        {
            foreach (var model in models.GetValueOrDefault(id) ?? [])
            {
                var match = model.GetProperty("match");
                // A pattern that is wider than its model takes siblings in, which have prices of their own.
                if (GenAiMatch.Matches(match, name) && !IsPatternOfSibling(model, match, name))
                    return StatementOf(id, model, match, name) is { } found ? found with { IsBorrowed = id != own } : null;
            }
        }

        return null;
    }

    private static bool IsPatternOfSibling(JsonElement model, JsonElement match, string name) =>
        ModelVersion.AreSiblings(name, model.GetProperty("id").GetString()!.ToLowerInvariant())
        && !GenAiMatch.TextsOf(match, "equals").Contains(name);

    private JsonElement[] ModelsAt(ProviderMapping provider) =>
        provider.GenAiPrices is { } id && models.TryGetValue(id, out var known) ? known : [];

    private Statement? StatementOf(string provider, JsonElement model, JsonElement match, string name)
    {
        var id = model.GetProperty("id").GetString()!;
        var rows = RowsOf(model.GetProperty("prices")).ToArray();
        if (rows.Length == 0 || rows.Any(row => row.Standard[RateDimension.Input] is null))
            return null;
        return new Statement
        {
            Source = "genai-prices",
            Group = $"genai:{provider}/{id}",
            Rows = rows,
            IsExact = name.Equals(id, StringComparison.OrdinalIgnoreCase) || GenAiMatch.TextsOf(match, "equals").Contains(name),
            AcceptsDates = GenAiMatch.Matches(match, name + "-2026-01-02") || GenAiMatch.Matches(match, name + "-20260102"),
            Address = $"https://github.com/pydantic/genai-prices/blob/{commit}/prices/providers/{provider.Replace('-', '_')}.yml",
            Retrieved = Day,
        };
    }

    private static IEnumerable<StatedRow> RowsOf(JsonElement prices)
    {
        if (prices.ValueKind == JsonValueKind.Object)
            return [new StatedRow { Standard = SheetOf(prices) }];
        return prices
            .EnumerateArray()
            .Where(conditional => !UnknownConditions(conditional).Any())
            .Select(conditional =>
            {
                var hasConstraint = conditional.TryGetProperty("constraint", out var constraint);
                return new StatedRow
                {
                    Standard = SheetOf(conditional.GetProperty("prices")),
                    From = hasConstraint && constraint.TryGetProperty("start_date", out var day) ? DayOf(day.GetString()!) : null,
                    Window =
                        hasConstraint && constraint.TryGetProperty("start_time", out var start)
                            ? new DailyWindow(TimeOf(start), TimeOf(constraint.GetProperty("end_time")))
                            : null,
                };
            });
    }

    // A price on a condition that is not understood would hold always.
    private static IEnumerable<string> UnknownConditions(JsonElement conditional) =>
        conditional.TryGetProperty("constraint", out var constraint) && constraint.ValueKind == JsonValueKind.Object
            ? constraint.EnumerateObject().Select(condition => condition.Name).Where(name => !Conditions.Contains(name))
            : [];

    private static SortedSet<string> NotTakenOf(IEnumerable<JsonElement> models)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var prices in models.Select(model => model.GetProperty("prices")))
        {
            var isPlain = prices.ValueKind == JsonValueKind.Object;
            foreach (var conditional in isPlain ? [] : prices.EnumerateArray().ToArray())
                names.UnionWith(UnknownConditions(conditional).Concat(UnknownKeys(conditional.GetProperty("prices"))));
            if (isPlain)
                names.UnionWith(UnknownKeys(prices));
        }

        return names;

        static IEnumerable<string> UnknownKeys(JsonElement prices) =>
            prices.EnumerateObject().Select(price => price.Name).Where(name => !Keys.ContainsKey(name));
    }

    private static RateSheet SheetOf(JsonElement prices)
    {
        var sheet = new RateSheet();
        // Prices that are there and hold nothing are how this source says "free".
        if (!prices.EnumerateObject().Any())
        {
            sheet.Set(RateDimension.Input, 0);
            sheet.Set(RateDimension.Output, 0);
        }

        foreach (var price in prices.EnumerateObject())
        {
            if (!Keys.TryGetValue(price.Name, out var key))
                continue;
            if (price.Value.ValueKind == JsonValueKind.Number)
            {
                sheet.Set(key.Dimension, price.Value.GetDecimal() / key.Per);
                continue;
            }

            sheet.Set(key.Dimension, price.Value.GetProperty("base").GetDecimal() / key.Per);
            foreach (var tier in price.Value.GetProperty("tiers").EnumerateArray())
                sheet.SetTier(tier.GetProperty("start").GetInt64(), key.Dimension, tier.GetProperty("price").GetDecimal() / key.Per);
        }

        return sheet;
    }

    private static DateTimeOffset DayOf(string day) =>
        new(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);

    private static TimeOnly TimeOf(JsonElement time) => TimeOnly.ParseExact(time.GetString()!, "HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
