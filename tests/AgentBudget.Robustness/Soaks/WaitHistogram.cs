using System.Numerics;

namespace AgentBudget.Robustness.Soaks;

/// <summary>
/// Counts waits by their length, in a fixed room: exact below 128 microseconds, and in steps of less than 1.6 % from there to an hour.
/// Not for several threads at once.
/// </summary>
public sealed class WaitHistogram
{
    // Each power of two is cut into so many steps.
    private const int Steps = 64;
    private const long LongestMicroseconds = 3_600_000_000;

    private readonly long[] counts = new long[PlaceOf(LongestMicroseconds) + 1];

    /// <summary>How many waits were counted.</summary>
    public long Total { get; private set; }

    /// <summary>Counts a wait; one beyond an hour as one of an hour.</summary>
    public void Add(TimeSpan wait)
    {
        counts[PlaceOf(Math.Clamp((long)wait.TotalMicroseconds, 0, LongestMicroseconds))]++;
        Total++;
    }

    /// <summary>Counts all that another one counted.</summary>
    public void Add(WaitHistogram other)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        Total += other.Total;
    }

    /// <summary>What was counted since an earlier copy of this one was made.</summary>
    public WaitHistogram Since(WaitHistogram earlier)
    {
        var since = new WaitHistogram { Total = Total - earlier.Total };
        for (var i = 0; i < counts.Length; i++)
            since.counts[i] = counts[i] - earlier.counts[i];
        return since;
    }

    /// <summary>The wait that a share of all waits did not exceed, rounded up to the next step; zero when there are none.</summary>
    /// <param name="share">Such as 0.99; above 0, at most 1.</param>
    public TimeSpan Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Total * share));
        var seen = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= wanted)
                return TimeSpan.FromMicroseconds(LongestAt(i));
        }

        return TimeSpan.Zero;
    }

    /// <summary>The places that are not empty, each followed by its count.</summary>
    public long[] ToPairs() => [.. counts.SelectMany((count, place) => count == 0 ? [] : new[] { place, count })];

    /// <summary>A histogram of what <see cref="ToPairs"/> gave.</summary>
    public static WaitHistogram Of(IReadOnlyList<long> pairs)
    {
        var histogram = new WaitHistogram();
        for (var i = 0; i < pairs.Count; i += 2)
        {
            histogram.counts[pairs[i]] += pairs[i + 1];
            histogram.Total += pairs[i + 1];
        }

        return histogram;
    }

    private static int PlaceOf(long microseconds)
    {
        if (microseconds < 2 * Steps)
            return (int)microseconds;
        var shift = BitOperations.Log2((ulong)microseconds) - BitOperations.Log2(Steps);
        return (shift * Steps) + (int)(microseconds >> shift);
    }

    private static long LongestAt(int place)
    {
        if (place < 2 * Steps)
            return place;
        var shift = (place / Steps) - 1;
        return ((place % Steps + Steps + 1L) << shift) - 1;
    }
}
