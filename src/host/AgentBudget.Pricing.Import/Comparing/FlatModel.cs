using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Pricing.Import.Comparing;

/// <summary>One model of a price file with all its rates under one path each, so that two versions can be laid beside each other.</summary>
internal sealed record FlatModel(
    string Model,
    IReadOnlyList<string> Names,
    IReadOnlyDictionary<string, decimal> Rates,
    string Text,
    bool IsKeptByHand
)
{
    public static IReadOnlyList<FlatModel> ReadAll(JsonElement file) =>
        file.TryGetProperty("models", out var models) ? [.. models.EnumerateArray().Select(Read)] : [];

    private static FlatModel Read(JsonElement model)
    {
        var id = model.GetProperty("model").GetString()!;
        var aliases = model.TryGetProperty("aliases", out var list) ? list.EnumerateArray().Select(alias => alias.GetString()!) : [];
        var rates = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var row in model.GetProperty("rows").EnumerateArray())
            AddRow(row, rates);
        return new FlatModel(id, [id, .. aliases], rates, model.GetRawText(), model.TryGetProperty("kept_by_hand", out _))
        {
            Current = CurrentOf(model),
            Rows = [.. model.GetProperty("rows").EnumerateArray().Select(DatedRates.Read)],
        };
    }

    /// <summary>What holds at the end of a day, under no date.</summary>
    public IReadOnlyDictionary<string, decimal> HoldingOn(DateOnly day)
    {
        var rates = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var row in Rows.Where(row => row.IsInForceOn(day)))
        {
            foreach (var (place, usd) in row.Rates)
                rates[place] = usd;
        }

        return rates;
    }

    /// <summary>The days after one on which something begins to hold: what is announced.</summary>
    public IEnumerable<DateOnly> BeginningAfter(DateOnly day) => Rows.Select(row => row.FirstDay).Where(first => first > day).Distinct();

    private IReadOnlyList<DatedRates> Rows { get; init; } = [];

    /// <summary>What holds now, under no date: the rates of the last row, and of those for hours of a day that do not end.</summary>
    public required IReadOnlyDictionary<string, decimal> Current { get; init; }

    private static SortedDictionary<string, decimal> CurrentOf(JsonElement model)
    {
        var rates = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var rows = model.GetProperty("rows").EnumerateArray().ToArray();
        foreach (var row in rows.Where((row, index) => index == rows.Length - 1 || !row.TryGetProperty("until", out _)))
            AddRow(row, HoursOf(row), rates);
        return rates;
    }

    private static void AddRow(JsonElement row, SortedDictionary<string, decimal> rates) =>
        AddRow(row, (row.TryGetProperty("from", out var from) ? $"from {from.GetString()}: " : "") + HoursOf(row), rates);

    private static string HoursOf(JsonElement row) =>
        row.TryGetProperty("daily_window_utc", out var window) ? $"at {window.GetProperty("start").GetString()}: " : "";

    /// <summary>Adds what a row states, under no date.</summary>
    public static void AddUndated(JsonElement row, SortedDictionary<string, decimal> rates) => AddRow(row, HoursOf(row), rates);

    private static void AddRow(JsonElement row, string place, SortedDictionary<string, decimal> rates)
    {
        AddSheet(row, place, rates);
        if (row.TryGetProperty("min_web_searches", out var searches))
            rates[place + "min_web_searches"] = searches.GetDecimal();
        if (row.TryGetProperty("region_multipliers", out var regions))
            AddMap(regions, place + "region ", rates);
        if (!row.TryGetProperty("service_tiers", out var tiers))
            return;
        foreach (var tier in tiers.EnumerateObject())
            AddSheet(tier.Value, $"{place}{tier.Name} ", rates);
    }

    private static void AddSheet(JsonElement sheet, string place, SortedDictionary<string, decimal> rates)
    {
        foreach (var unit in Enum.GetValues<RateUnit>())
        {
            if (sheet.TryGetProperty(RateDimensions.ObjectOf(unit), out var stated))
                AddMap(stated, place, rates);
        }

        if (!sheet.TryGetProperty("context_tiers", out var tiers))
            return;
        foreach (var tier in tiers.EnumerateArray())
            AddSheet(tier, $"{place}above {tier.GetProperty("threshold_input_tokens").GetInt64()} ", rates);
    }

    private static void AddMap(JsonElement map, string place, SortedDictionary<string, decimal> rates)
    {
        foreach (var rate in map.EnumerateObject())
            rates[place + rate.Name] = decimal.Parse(rate.Value.GetString()!, CultureInfo.InvariantCulture);
    }
}
