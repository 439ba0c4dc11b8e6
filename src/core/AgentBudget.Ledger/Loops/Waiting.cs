namespace AgentBudget.Ledger;

/// <summary>Tells waiting from looping by the times at which the call that is judged came before.</summary>
internal static class Waiting
{
    private const int MaxIntervals = 8;

    // A call that sleeps and one that looks at something else may stand between.
    private const int MostApart = 3;

    // Of the intervals, newest first, each may be this much shorter than the one before it in time and still count as grown: in eighths.
    private const int Tolerance = 7;

    // The newest of intervals that grow has come to this part of a long one, at least: 3 seconds as shipped.
    private const int ShortestGrown = 10;

    /// <summary>Whether the last of a streak came at long intervals for the most part, or at intervals that grew to twice the
    /// first.</summary>
    public static bool Is(in LoopView view, WaitingRule rule, int count)
    {
        if (!rule.Enabled)
            return false;
        Span<long> intervals = stackalloc long[MaxIntervals];
        var (found, longOnes, newest, areNear) = (0, 0, 0, true);
        for (var i = 1; i <= view.Count && found < MaxIntervals && found < count - 1; i++)
        {
            if (!view.AreSame(0, i))
                continue;
            var isNear = i - newest <= MostApart;
            intervals[found] = view.AgeAt(i) - view.AgeAt(newest);
            if (isNear && intervals[found] >= rule.Interval.Ticks / TimeSpan.TicksPerMillisecond)
                longOnes++;
            areNear &= isNear;
            newest = i;
            found++;
        }

        return found >= 2 && (longOnes * 2 > found || (areNear && HaveGrown(intervals[..found], rule)));
    }

    private static bool HaveGrown(ReadOnlySpan<long> newestFirst, WaitingRule rule)
    {
        // Of calls that follow each other at once the times say nothing.
        if (newestFirst[0] * ShortestGrown < rule.Interval.Ticks / TimeSpan.TicksPerMillisecond)
            return false;
        for (var i = 1; i < newestFirst.Length; i++)
        {
            if (newestFirst[i - 1] * 8 < newestFirst[i] * Tolerance)
                return false;
        }

        return newestFirst[0] >= 2 * newestFirst[^1];
    }
}
