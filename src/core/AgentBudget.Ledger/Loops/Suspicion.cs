namespace AgentBudget.Ledger;

/// <summary>
/// Tells cheaply that no rule about repeats can have anything to say, which is so of nearly all calls. It may be wrong in one way only: to
/// suspect a call that is innocent.
/// </summary>
internal static class Suspicion
{
    // Rules that this one count would satisfy look at a streak of one call and the call before it.
    private const int Pair = 2;

    public static bool IsRaised(LoopMemory memory, LoopPolicy policy, LoopRule window, in CallTraits judged, in LoopMoment moment)
    {
        var times = memory.CountOf(judged.Key);
        if (times == 0)
            return false;
        var leastCounted = policy.CounterRow.LeastCount;
        if (times + 1 >= leastCounted && (leastCounted <= Pair || MayOnlyCount(memory, judged, moment)))
            return true;
        // A result that is new is progress, for every one of these rules.
        if (judged.Result != 0 && !memory.HasResultBefore(judged.Key, judged.Result, -1, moment))
            return false;
        var least = LeastOf(policy, window);
        if (times + 1 >= least && (least <= Pair || !IsFresh(memory, memory.FindBack(judged.Key, 0), moment)))
            return true;
        return IsBeforeStale(memory, judged, moment);
    }

    // Results that differ are new for every other rule; here the last one has to have come in its shape before.
    private static bool MayOnlyCount(LoopMemory memory, in CallTraits judged, in LoopMoment moment)
    {
        var last = memory.FindBack(judged.Key, 0);
        var shape = memory.ShapeAt(memory.PlaceOf(last));
        return shape != 0 && memory.HasShapeBefore(judged.Key, shape, last, moment);
    }

    // Turns without progress and cycles need the call before this one to have come before as well, without anything new.
    private static bool IsBeforeStale(LoopMemory memory, in CallTraits judged, in LoopMoment moment)
    {
        var scope = memory.FindScope(judged.Scope);
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (call.Scope != scope || call.IsModel != judged.IsModel)
                continue;
            return memory.KeyAt(place) != 0 && memory.FindBack(memory.KeyAt(place), back + 1) >= 0 && !IsFresh(memory, back, moment);
        }

        return false;
    }

    private static bool IsFresh(LoopMemory memory, int back, in LoopMoment moment)
    {
        var place = memory.PlaceOf(back);
        var result = memory.At(place).Result;
        return result != 0 && !memory.HasResultBefore(memory.KeyAt(place), result, back, moment);
    }

    /// <summary>The smallest count at which one of the rules about the same call does something.</summary>
    private static int LeastOf(LoopPolicy policy, LoopRule window) =>
        Math.Min(Math.Min(policy.Row.LeastCount, policy.BlindRow.LeastCount), Math.Min(policy.Repeat.LeastCount, window.LeastCount));
}
