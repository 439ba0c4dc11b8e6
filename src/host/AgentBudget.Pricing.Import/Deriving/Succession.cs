using System.Globalization;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// What a newer statement makes of the rows that older ones gave. Where the price is the same, the rows stand, and what an older source
/// announced for the time between and did not come is dropped. Where it is another, the older rows end on the day up to which they were
/// known, the new one begins on its own, and a call in between costs the dearer of the two.
/// </summary>
internal static class Succession
{
    /// <summary>The row that holds on a day, at its end.</summary>
    public static RowEntry HoldingOn(IReadOnlyList<RowEntry> rows, DateOnly day) => CurrentAt(rows, StartOf(day.AddDays(1)));

    /// <summary>The rows that begin after a day.</summary>
    public static RowEntry[] AfterDay(IReadOnlyList<RowEntry> rows, DateOnly day) =>
        [.. rows.Where(row => row.From >= StartOf(day.AddDays(1)))];

    /// <summary>Rows with those behind them that a newer source announces, in place of what was announced before.</summary>
    public static IReadOnlyList<RowEntry> WithAnnounced(IReadOnlyList<RowEntry> rows, RowEntry[] announced, DateOnly day)
    {
        if (announced.Length == 0)
            return rows;
        var begin = announced[0].From;
        var later = AfterDay(rows, day);
        // What ended where a dropped one began goes on.
        RowEntry[] now =
        [
            .. rows.Except(later)
                .Select(row =>
                    row.Until is null || row.Until > begin || later.Any(dropped => dropped.From == row.Until)
                        ? row with
                        {
                            Until = begin,
                        }
                        : row
                ),
        ];
        return [.. now, .. announced.Select(row => RowCompletion.Complete(row, HoldingOn(now, day)))];
    }

    /// <summary>Puts a newer row behind older ones.</summary>
    /// <param name="known">The older rows, in order of time.</param>
    /// <param name="lastDay">The last day for which they are known.</param>
    /// <param name="stated">The newer row, with what its sources state and no more.</param>
    /// <param name="firstDay">The day from which it is known to hold.</param>
    public static IReadOnlyList<RowEntry> Of(IReadOnlyList<RowEntry> known, DateOnly lastDay, RowEntry stated, DateOnly firstDay)
    {
        var knownUntil = StartOf(lastDay.AddDays(1));
        var newDay = StartOf(firstDay);
        var current = CurrentAt(known, knownUntil);
        var newer = RowCompletion.Complete(stated, current);
        // The last of the announced rows that would hold by now tells whether what was announced has come.
        var announced = CurrentAt(known, newDay);
        if (!ReferenceEquals(announced, current) && SamePrice(announced, newer))
            return Confirmed(known, announced, newer);
        RowEntry[] past = [.. known.Where(row => row.From is not { } from || from < knownUntil)];
        // What only one of them states of a part beyond a threshold, and the other moves with its whole, is no change either.
        if (!SamePrice(current, newer) && !SamePrice(PartsWithTheirWhole.In(current), PartsWithTheirWhole.In(newer)))
            return Replaced(past, current, newer, knownUntil, newDay);
        RowEntry[] toCome = [.. known.Where(row => row.From >= newDay)];
        DateTimeOffset? end = toCome.Length > 0 ? toCome[0].From : null;
        return [.. Confirmed(past, current, newer).Select(row => row.Until > knownUntil ? row with { Until = end } : row), .. toCome];
    }

    private static IReadOnlyList<RowEntry> Confirmed(IReadOnlyList<RowEntry> rows, RowEntry confirmed, RowEntry newer) =>
        [.. rows.Select(row => ReferenceEquals(row, confirmed) ? WithSource(row.With(newer), newer) : row)];

    private static RowEntry WithSource(RowEntry row, RowEntry newer) => row with { Source = newer.Source, Retrieved = newer.Retrieved };

    private static List<RowEntry> Replaced(
        RowEntry[] past,
        RowEntry current,
        RowEntry newer,
        DateTimeOffset knownUntil,
        DateTimeOffset newDay
    )
    {
        var (before, after) = (PartsWithTheirWhole.In(current), PartsWithTheirWhole.In(newer));
        var between = RowCompletion.Dearer(before, after);
        var end = SamePrice(between, before) ? newDay : knownUntil;
        var begin = SamePrice(between, after) ? knownUntil : newDay;
        var rows = past.Select(row => row.Until is null || row.Until > end ? row with { Until = end } : row).ToList();
        if (end < begin)
        {
            rows.Add(
                between with
                {
                    From = end,
                    Until = begin,
                    Note = "Between the days of an older and a newer source: the dearer of the two.",
                }
            );
        }

        var was = current.Standard;
        rows.Add(
            newer with
            {
                From = begin,
                Note =
                    newer.Note
                    ?? string.Create(
                        CultureInfo.InvariantCulture,
                        $"Until {knownUntil:yyyy-MM-dd} older sources state {was[RateDimension.Input]} and {was[RateDimension.Output]}; "
                            + $"the day of the change is not known."
                    ),
            }
        );
        return rows;
    }

    private static RowEntry CurrentAt(IReadOnlyList<RowEntry> rows, DateTimeOffset moment) =>
        rows.LastOrDefault(row => row.Window is null && (row.From is not { } from || from < moment)) ?? rows[0];

    // Everything that is priced, and not tokens alone. What only one of them states of service tiers, regions and fees changes nothing: it
    // was not known before.
    private static bool SamePrice(RowEntry one, RowEntry other) =>
        one.MinWebSearches == other.MinWebSearches
        && one.TiersIncludeThreshold == other.TiersIncludeThreshold
        && SameTokens(one.Standard, other.Standard)
        && SameFees(one.Standard, other.Standard)
        && one.Regions.All(region => !other.Regions.TryGetValue(region.Key, out var factor) || factor == region.Value)
        && one.ServiceTiers.All(tier =>
            !other.ServiceTiers.TryGetValue(tier.Key, out var sheet) || (SameTokens(tier.Value, sheet) && SameFees(tier.Value, sheet))
        );

    private static bool SameTokens(RateSheet one, RateSheet other)
    {
        var thresholds = one.Tiers.Keys.Union(other.Tiers.Keys).Prepend(0L).ToArray();
        return Enum.GetValues<RateDimension>()
            .Where(RateSheet.IsTokens)
            .All(dimension => thresholds.All(threshold => one.Effective(dimension, threshold) == other.Effective(dimension, threshold)));
    }

    private static bool SameFees(RateSheet one, RateSheet other) =>
        one.Rates.All(rate => RateSheet.IsTokens(rate.Key) || other[rate.Key] is not { } usd || usd == rate.Value);

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
