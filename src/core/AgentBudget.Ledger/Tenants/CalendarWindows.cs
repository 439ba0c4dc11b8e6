using System.Globalization;

namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// Where windows begin and end, as instants. A day begins at the first instant that has its date on the zone's clocks: midnight where there
/// is one, later where clocks leap over it. Clocks that are set back behind midnight do not bring a day back.
/// </summary>
internal static class CalendarWindows
{
    /// <summary>What all offsets of all zones are multiples of, so that sums by quarter hour serve every window.</summary>
    public static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    // No clock is further from UTC.
    private static readonly TimeSpan MostAhead = TimeSpan.FromHours(15);

    /// <summary>The quarter hour that an instant is in.</summary>
    public static DateTimeOffset QuarterOf(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % Quarter.Ticks), TimeSpan.Zero);

    /// <summary>The window that an instant is in: from its start up to, and without, its end.</summary>
    /// <param name="kind">Day, week or month.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">Whose clocks.</param>
    /// <param name="firstDay">The day on which weeks begin.</param>
    public static (DateTimeOffset Start, DateTimeOffset End) Of(
        WindowKind kind,
        DateTimeOffset instant,
        TimeZoneInfo zone,
        DayOfWeek firstDay
    )
    {
        var first = FirstDateOf(kind, DateOf(instant, zone), firstDay);
        while (true)
        {
            var next = NextDateOf(kind, first);
            var end = StartOf(next, zone);
            if (end > instant)
                return (StartOf(first, zone), end);
            first = next;
        }
    }

    /// <summary>The zone of a name such as <c>Europe/Zurich</c>; null for one that is not known here.</summary>
    public static TimeZoneInfo? FindZone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static DateOnly DateOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    private static DateOnly FirstDateOf(WindowKind kind, DateOnly date, DayOfWeek firstDay) =>
        kind switch
        {
            WindowKind.Day => date,
            WindowKind.Week => date.AddDays(-((date.DayOfWeek - firstDay + 7) % 7)),
            WindowKind.Month => new DateOnly(date.Year, date.Month, 1, CultureInfo.InvariantCulture.Calendar),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only days, weeks and months begin."),
        };

    private static DateOnly NextDateOf(WindowKind kind, DateOnly first) =>
        kind switch
        {
            WindowKind.Day => first.AddDays(1),
            WindowKind.Week => first.AddDays(7),
            _ => first.AddMonths(1),
        };

    private static DateTimeOffset StartOf(DateOnly date, TimeZoneInfo zone)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        var instant = new DateTimeOffset(midnight, TimeSpan.Zero) - MostAhead;
        // Nearly always the offset that holds there is the one that held before, which spares the search.
        var guess = new DateTimeOffset(midnight, zone.GetUtcOffset(instant));
        if (DateOf(guess, zone) == date && DateOf(guess - Quarter, zone) < date && IsSteady(guess, zone))
            return guess.ToUniversalTime();
        while (DateOf(instant, zone) < date)
            instant += Quarter;
        return instant;
    }

    private static bool IsSteady(DateTimeOffset midnight, TimeZoneInfo zone) =>
        zone.GetUtcOffset(midnight - TimeSpan.FromHours(3)) == zone.GetUtcOffset(midnight + TimeSpan.FromHours(3));
}
