using AgentBudget.Robustness.Checking;

namespace AgentBudget.Robustness.Runs;

/// <summary>Whether a run still goes on for charges that are to be made. It does not where none has come for long.</summary>
/// <param name="asked">How many are to be made.</param>
/// <param name="made">How many are so far.</param>
/// <param name="time">The clock.</param>
internal sealed class ChargesAwaited(long asked, Func<long> made, TimeProvider time)
{
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromMinutes(5);

    private long last = -1;
    private long lastAt;

    /// <summary>Whether all are made, or there is no use in waiting.</summary>
    public bool IsOver
    {
        get
        {
            var now = made();
            if (now != last)
                (last, lastAt) = (now, time.GetTimestamp());
            return now >= asked || time.GetElapsedTime(lastAt) > LongestStandstill;
        }
    }

    /// <summary>That they were not all made; null when they were.</summary>
    public Violation? Missing =>
        made() is var now && now >= asked
            ? null
            : new Violation("L12", "the clients", FormattableString.Invariant($"{now} of {asked} charges were made, and no more came"));
}
