namespace AgentBudget;

/// <summary>A half-open part of every day, in UTC: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
/// <param name="Start">The first minute of the window.</param>
/// <param name="End">The first minute after it; before <paramref name="Start"/> the window runs over midnight; never equal to it.</param>
public readonly record struct DailyWindow(TimeOnly Start, TimeOnly End)
{
    /// <summary>Whether a moment lies in the window.</summary>
    public bool Contains(DateTimeOffset at) => TimeOnly.FromTimeSpan(at.UtcDateTime.TimeOfDay).IsBetween(Start, End);

    internal bool Overlaps(DailyWindow other) => Covers(other.Start) || other.Covers(Start);

    private bool Covers(TimeOnly time) => time.IsBetween(Start, End);
}
