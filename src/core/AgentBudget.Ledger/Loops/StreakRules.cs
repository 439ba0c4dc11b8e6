namespace AgentBudget.Ledger;

/// <summary>Rules that need no call to come again: one result for many arguments, models that never call a tool, too much in a time.</summary>
internal static class StreakRules
{
    /// <summary>One tool with changing arguments and the same result, each time or each time a failure.</summary>
    public static void SameResult(LoopMemory memory, in CallTraits judged, LoopPolicy policy, in LoopMoment moment, ref LoopFinding finding)
    {
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var result = judged.Result;
        var count = 0;
        var haveFailed = result == 0 || judged.HasFailed;
        var scope = memory.FindScope(judged.Scope);
        var window = Math.Max(policy.SameResult.WindowMilliseconds, policy.SameFailure.WindowMilliseconds);
        var left = Math.Max(policy.SameResult.Last, policy.SameFailure.Last);
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (!moment.Reaches(memory, call, window)) break;
            if (call.Scope != scope || call.IsModel) continue;
            if (left-- == 0 || call.Tool != judged.Tool) break;
            if (call.Result == 0 || (result != 0 && call.Result != result)) break;
            result = call.Result;
            haveFailed &= call.Marks.HasFlag(CallMarks.Failed);
            if (!IsKnown(memory, judged.Key, counted[..count], memory.KeyAt(place))) counted[count++] = (byte)place;
        }

        if (count < 2) return;
        if (policy.SameResult.Enabled) finding.Offer(LoopKind.SameResult, policy.SameResult, count + 1, counted[..count]);
        if (haveFailed && policy.SameFailure.Enabled) finding.Offer(LoopKind.SameFailure, policy.SameFailure, count + 1, counted[..count]);
    }

    /// <summary>Model calls without a tool call, after the agent's last one.</summary>
    public static void ModelOnly(LoopMemory memory, in CallTraits judged, LoopRule rule, in LoopMoment moment, ref LoopFinding finding)
    {
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var count = 0;
        var scope = memory.FindScope(judged.Scope);
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (!moment.Reaches(memory, call, memory.LongestMilliseconds)) return;
            if (call.Scope != scope) continue;
            if (!call.IsModel)
            {
                finding.Offer(LoopKind.ModelOnly, rule, count + 1, counted[..count]);
                return;
            }

            if (moment.Reaches(memory, call, rule.WindowMilliseconds)) counted[count++] = (byte)place;
        }
    }

    /// <summary>Everything that any agent of the session did within the ceiling's window.</summary>
    public static void Rate(LoopMemory memory, RateCeiling ceiling, in LoopMoment moment, ref LoopFinding finding)
    {
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var count = 0;
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            if (!moment.Reaches(memory, memory.At(place), ceiling.Window.Ticks / TimeSpan.TicksPerMillisecond)) break;
            counted[count++] = (byte)place;
        }

        // A call that comes alone is never too fast: it could not be made at all.
        if (count == 0) return;
        var spent = moment.Asked + memory.At(counted[count - 1]).SpentSince(moment.Spent);
        var isAbove = (ceiling.Calls > 0 && count + 1 > ceiling.Calls) || (ceiling.Spend > Money.Zero && spent > ceiling.Spend);
        if (isAbove) finding.Offer(LoopKind.Rate, ceiling.Action, count + 1, ceiling.Window, counted[..count]);
    }

    private static bool IsKnown(LoopMemory memory, uint judged, ReadOnlySpan<byte> counted, uint key)
    {
        if (key == 0 || key == judged) return true;
        foreach (var place in counted)
        {
            if (memory.KeyAt(place) == key) return true;
        }

        return false;
    }
}

/// <summary>When a call is judged, and what it costs.</summary>
/// <param name="Milliseconds">The time.</param>
/// <param name="Sequence">The last entry of the session.</param>
/// <param name="Spent">What the session has spent, this call's cost included where it is known.</param>
/// <param name="Asked">What the call asks for beyond that.</param>
internal readonly record struct LoopMoment(long Milliseconds, long Sequence, Money Spent, Money Asked)
{
    /// <summary>Whether a remembered call lies within a window, and within what is remembered for certain.</summary>
    public bool Reaches(LoopMemory memory, in RememberedCall call, long windowMilliseconds) =>
        Sequence - memory.LastSequence + call.SequencesBefore(memory.LastSequence) < Bounds.LoopEntries
        && memory.SinceLast(Milliseconds) + call.MillisecondsBefore(memory.LastMilliseconds) < Math.Min(windowMilliseconds, memory.LongestMilliseconds);
}
