using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Pricing.Import.Comparing;

/// <summary>The rates of one row, and when they hold.</summary>
/// <param name="From">Their first moment; null for always.</param>
/// <param name="Until">The first moment at which they do not hold any more; null for never.</param>
/// <param name="Rates">The rates by their paths.</param>
internal sealed record DatedRates(DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyDictionary<string, decimal> Rates)
{
    public static DatedRates Read(JsonElement row)
    {
        var rates = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        FlatModel.AddUndated(row, rates);
        return new DatedRates(Moment(row, "from"), Moment(row, "until"), rates);
    }

    /// <summary>The day on which they begin to hold, in UTC.</summary>
    public DateOnly FirstDay => From is { } from ? DateOnly.FromDateTime(from.UtcDateTime) : DateOnly.MinValue;

    /// <summary>Whether they hold when a day ends.</summary>
    public bool IsInForceOn(DateOnly day)
    {
        var end = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        return (From is not { } from || from < end) && (Until is not { } until || until >= end);
    }

    private static DateTimeOffset? Moment(JsonElement row, string name) =>
        row.TryGetProperty(name, out var moment)
            ? DateTimeOffset.Parse(
                moment.GetString()!,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
            )
            : null;
}
