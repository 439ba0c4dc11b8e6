namespace AgentBudget.Ledger;

/// <summary>Rules that look at nothing but how much comes in a time.</summary>
internal static class MoneyRules
{
    /// <summary>A large share of the session's budget within a time, over more than a few calls.</summary>
    public static void Spend(LoopMemory memory, SpendRule rule, in LoopMoment moment, ref LoopFinding finding)
    {
        if (memory.Count + 1 < rule.Calls)
            return;
        // Most often all that was ever spent is too little.
        if (rule.ActionAt(moment.Asked + moment.Spent, moment.Budget) is null)
            return;
        var window = rule.Window.Ticks / TimeSpan.TicksPerMillisecond;
        // The calls stand in the order of their times: most often the one that decides whether they are enough is too old.
        var within = memory.CountWithin(moment, window);
        if (within + 1 < rule.Calls)
            return;
        var spent = moment.Asked + memory.SpentSince(memory.PlaceOf(within - 1), moment.Spent);
        if (rule.ActionAt(spent, moment.Budget) is not { } action)
            return;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        for (var back = 0; back < within; back++)
            counted[back] = (byte)memory.PlaceOf(back);
        finding.Offer(LoopKind.Spend, action, within + 1, rule.Window, counted[..within]);
    }

    /// <summary>Everything that any agent of the session did within the ceiling's window.</summary>
    public static void Rate(LoopMemory memory, RateCeiling ceiling, in LoopMoment moment, ref LoopFinding finding)
    {
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var count = 0;
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            if (!memory.Reaches(moment, memory.At(place), ceiling.Window.Ticks / TimeSpan.TicksPerMillisecond))
                break;
            counted[count++] = (byte)place;
        }

        // A call that comes alone is never too fast: it could not be made at all.
        if (count == 0)
            return;
        var spent = moment.Asked + memory.SpentSince(counted[count - 1], moment.Spent);
        var isAbove = (ceiling.Calls > 0 && count + 1 > ceiling.Calls) || (ceiling.Spend > Money.Zero && spent > ceiling.Spend);
        if (isAbove)
            finding.Offer(LoopKind.Rate, ceiling.Action, count + 1, ceiling.Window, counted[..count]);
    }
}
