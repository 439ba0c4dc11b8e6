using System.Globalization;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// What a newer statement makes of the rows that older ones gave. Where the price is the same, the rows stand, and what an older source
/// announced for the time between and did not come is dropped. Where it is another, the older rows end on the day up to which they were
/// known, the new one begins on its own, and a call in between costs the dearer of the two.
/// </summary>
internal static class Succession
{
    /// <summary>The row that holds for good.</summary>
    public static RowEntry Last(IReadOnlyList<RowEntry> rows) => rows.LastOrDefault(row => row.Window is null) ?? rows[^1];

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
        if (!SamePrice(current, newer))
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
        var between = current with { Standard = RowCompletion.Dearer(current.Standard, newer.Standard) };
        var end = SamePrice(between, current) ? newDay : knownUntil;
        var begin = SamePrice(between, newer) ? knownUntil : newDay;
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

    private static bool SamePrice(RowEntry one, RowEntry other)
    {
        var thresholds = one.Standard.Tiers.Keys.Union(other.Standard.Tiers.Keys).Prepend(0L).ToArray();
        return Enum.GetValues<RateDimension>()
            .Where(RateSheet.IsTokens)
            .All(dimension =>
                thresholds.All(threshold => one.Standard.Effective(dimension, threshold) == other.Standard.Effective(dimension, threshold))
            );
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
