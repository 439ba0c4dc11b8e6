using System.Globalization;
using System.Text.Json;
using AgentBudget.Pricing.Import.Deriving;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Import.Writing;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>The rows of a price file as what is known before collections are asked: the edition before theirs.</summary>
internal static class PresentRows
{
    /// <summary>All names of a file that are not kept by hand.</summary>
    /// <param name="file">The file.</param>
    /// <param name="before">The day before the collections': what is known, is known up to it at most.</param>
    /// <exception cref="InvalidDataException">A row has a rate that is not known here, and would be lost.</exception>
    public static Dictionary<string, DerivedName> Of(JsonElement file, DateOnly before)
    {
        var known = new Dictionary<string, DerivedName>(StringComparer.Ordinal);
        if (!file.TryGetProperty("models", out var models))
            return known;
        foreach (var model in models.EnumerateArray().Where(model => !model.TryGetProperty("kept_by_hand", out _)))
        {
            var id = Text(model, "model");
            var rows = model.GetProperty("rows").EnumerateArray().Select(Row).ToArray();
            var day = rows.Max(row => row.Retrieved);
            var dated = Texts(model, "dated_names").ToHashSet(StringComparer.Ordinal);
            foreach (var name in Texts(model, "aliases").Prepend(id))
                known[name] = new DerivedName(
                    name,
                    [Statement(id, model, rows[^1], dated.Contains(name))],
                    rows,
                    day < before ? day : before
                );
        }

        return known;
    }

    private static Statement Statement(string id, JsonElement model, RowEntry row, bool acceptsDates) =>
        new()
        {
            Source = "the table",
            Group = $"table:{id}",
            Rows = [new StatedRow { Standard = row.Standard }],
            AcceptsDates = acceptsDates,
            MaxOutputTokens = model.TryGetProperty("max_output_tokens", out var most) ? most.GetInt64() : null,
            Address = row.Source,
            Retrieved = row.Retrieved,
        };

    private static RowEntry Row(JsonElement row)
    {
        var entry = new RowEntry
        {
            Standard = new RateSheet(),
            Source = Text(row, "source"),
            Retrieved = DateOnly.ParseExact(Text(row, "retrieved"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        foreach (var property in row.EnumerateObject())
        {
            entry = property.Name switch
            {
                "from" => entry with { From = Moment(property.Value) },
                "until" => entry with { Until = Moment(property.Value) },
                "daily_window_utc" => entry with { Window = Window(property.Value) },
                "min_web_searches" => entry with { MinWebSearches = property.Value.GetInt32() },
                "note" => entry with { Note = property.Value.GetString() },
                "region_multipliers" => entry with { Regions = Factors(property.Value) },
                "service_tiers" => entry with { ServiceTiers = Tiers(property.Value) },
                "source" or "retrieved" => entry,
                "usd_per_million_tokens" or "usd_per_million" or "usd_each" or "context_tiers" => TakenInto(entry, property),
                _ => CarriedBy(entry, property),
            };
        }

        return entry;
    }

    // What the derivation has no use for is of the model, and not of its price: it goes on standing there.
    private static RowEntry CarriedBy(RowEntry entry, JsonProperty property)
    {
        entry.Others[property.Name] = PriceFileWriter.OneLine(property.Value);
        return entry;
    }

    private static RowEntry TakenInto(RowEntry entry, JsonProperty property) =>
        Take(entry.Standard, property) ? entry with { TiersIncludeThreshold = true } : entry;

    // Answers whether its tiers begin exactly at their threshold.
    private static bool Take(RateSheet sheet, JsonProperty property)
    {
        switch (property.Name)
        {
            case "usd_per_million_tokens" or "usd_per_million" or "usd_each":
                foreach (var (dimension, usd) in Rates(property.Value))
                    sheet.Set(dimension, usd);
                return false;
            case "context_tiers":
                var includes = false;
                foreach (var tier in property.Value.EnumerateArray())
                    includes |= TakeTier(sheet, tier);
                return includes;
            default:
                return false;
        }
    }

    private static bool TakeTier(RateSheet sheet, JsonElement tier)
    {
        var threshold = tier.GetProperty("threshold_input_tokens").GetInt64();
        foreach (var (dimension, usd) in Rates(tier.GetProperty("usd_per_million_tokens")))
            sheet.SetTier(threshold, dimension, usd);
        return tier.TryGetProperty("includes_threshold", out var includes) && includes.GetBoolean();
    }

    private static SortedDictionary<string, RateSheet> Tiers(JsonElement tiers)
    {
        var read = new SortedDictionary<string, RateSheet>(StringComparer.Ordinal);
        foreach (var tier in tiers.EnumerateObject())
        {
            read[tier.Name] = new RateSheet();
            foreach (var property in tier.Value.EnumerateObject())
                Take(read[tier.Name], property);
        }

        return read;
    }

    private static IEnumerable<(RateDimension Dimension, decimal Usd)> Rates(JsonElement rates) =>
        rates
            .EnumerateObject()
            .Select(rate =>
                (
                    RateDimensions.All.FirstOrDefault(row => row.Name == rate.Name)?.Dimension
                        ?? throw new InvalidDataException($"A row of the table has a rate \"{rate.Name}\", which an update would lose."),
                    Number(rate.Value)
                )
            );

    private static SortedDictionary<string, decimal> Factors(JsonElement factors)
    {
        var read = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var factor in factors.EnumerateObject())
            read[factor.Name] = Number(factor.Value);
        return read;
    }

    private static DailyWindow Window(JsonElement window)
    {
        var days = Texts(window, "days").Aggregate(Weekdays.None, (all, day) => all | Enum.Parse<Weekdays>(day, ignoreCase: true));
        return new DailyWindow(Time("start"), Time("end")) { Days = days };

        TimeOnly Time(string name) => TimeOnly.ParseExact(Text(window, name), "HH:mm", CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset Moment(JsonElement moment) =>
        DateTimeOffset.Parse(
            moment.GetString()!,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
        );

    private static decimal Number(JsonElement number) => decimal.Parse(number.GetString()!, CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(text => text.GetString()!) : [];
}
