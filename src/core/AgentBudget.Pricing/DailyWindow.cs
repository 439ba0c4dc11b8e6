namespace AgentBudget;

/// <summary>A half-open part of every day, in UTC: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
/// <param name="Start">The first minute of the window.</param>
/// <param name="End">The first minute after it; before <paramref name="Start"/> the window runs over midnight; never equal to it.</param>
public readonly record struct DailyWindow(TimeOnly Start, TimeOnly End)
{
    /// <summary>The days, in UTC, on which the window begins. Default: <see cref="Weekdays.None"/>, every day.</summary>
    public Weekdays Days { get; init; }

    private bool RunsOverMidnight => End < Start;

    /// <summary>Whether a moment lies in the window.</summary>
    public bool Contains(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        if (!Covers(TimeOnly.FromTimeSpan(utc.TimeOfDay)))
            return false;
        if (Days == Weekdays.None)
            return true;
        var began = RunsOverMidnight && utc.TimeOfDay < End.ToTimeSpan() ? (int)(utc.DayOfWeek + 6) % 7 : (int)utc.DayOfWeek;
        return ((int)Days & (1 << began)) != 0;
    }

    // Over midnight two windows of different days can meet; such are held apart by their times.
    internal bool Overlaps(DailyWindow other) =>
        (Covers(other.Start) || other.Covers(Start)) && (HaveADayInCommon(other) || RunsOverMidnight || other.RunsOverMidnight);

    private bool HaveADayInCommon(DailyWindow other) => Days == Weekdays.None || other.Days == Weekdays.None || (Days & other.Days) != 0;

    private bool Covers(TimeOnly time) => time.IsBetween(Start, End);
}
