namespace AgentBudget.Ledger;

/// <summary>A, B, A, B …: rounds of up to 12 calls, none of which brought anything new after its first round.</summary>
internal static class CycleRule
{
    private const int Shortest = 2;
    private const int Longest = 12;

    // A, B, A, B alone is what an agent does that checks twice; the second round of so short a cycle counts when a third has begun.
    private const int FewestMatches = 3;

    public static void Apply(in LoopView view, LoopPolicy policy, ref LoopFinding finding)
    {
        var rule = policy.Cycle;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        for (var period = Shortest; period <= Longest && period <= view.Count; period++)
        {
            if (!view.AreSame(0, period) || IsOneCall(view, period))
                continue;
            var matches = MatchesOf(view, rule, period);
            var rounds = (matches / period) + 1;
            if (rounds < 2 || matches < FewestMatches)
                continue;
            var calls = matches + period - 1;
            for (var i = 1; i <= calls; i++)
                counted[i - 1] = (byte)view.PlaceAt(i);
            finding.Offer(LoopKind.Cycle, rule, rounds, counted[..calls], view, policy, period);
        }
    }

    // How many calls in a row, the one that is judged first, are the same as the one a period before.
    private static int MatchesOf(in LoopView view, LoopRule rule, int period)
    {
        var matches = 0;
        for (
            ;
            matches + period <= view.Count
                && view.IsWithin(matches + period, rule.WindowMilliseconds)
                && view.AreSame(matches, matches + period);
            matches++
        )
        {
            // With the same result, as is most often so, nothing has to be looked for.
            if (view.ResultAt(matches) != view.ResultAt(matches + period) && view.IsFresh(matches))
                break;
        }

        return matches;
    }

    // The same call all the time is a row, not a cycle.
    private static bool IsOneCall(in LoopView view, int period)
    {
        for (var i = 1; i < period; i++)
        {
            if (!view.AreSame(0, i))
                return false;
        }

        return true;
    }
}
