namespace AgentBudget.Ledger;

/// <summary>Rules that need no call to come again: one result for many arguments, one failure for many, models that never call a
/// tool.</summary>
internal static class StreakRules
{
    /// <summary>One tool with changing arguments and the same result each time, nothing else between.</summary>
    public static void SameResult(LoopMemory memory, in CallTraits judged, LoopRule rule, in LoopMoment moment, ref LoopFinding finding)
    {
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        Span<uint> keys = stackalloc uint[Bounds.LoopMemory];
        var result = judged.Result;
        var count = 0;
        var scope = memory.FindScope(judged.Scope);
        var left = rule.Last;
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (!moment.Reaches(memory, call, rule.WindowMilliseconds))
                break;
            if (call.Scope != scope || call.IsModel)
                continue;
            if (left-- == 0 || call.Tool != judged.Tool || call.Result == 0 || (result != 0 && call.Result != result))
                break;
            result = call.Result;
            if (IsKnown(judged.Key, keys[..count], memory.KeyAt(place)))
                continue;
            (keys[count], counted[count]) = (memory.KeyAt(place), (byte)place);
            count++;
        }

        if (count >= 2)
            finding.Offer(LoopKind.SameResult, rule, count + 1, counted[..count]);
    }

    /// <summary>One tool with changing arguments that failed alike each time. What looks at something else may stand between, and other
    /// failures.</summary>
    public static void SameFailure(LoopMemory memory, in CallTraits judged, LoopRule rule, in LoopMoment moment, ref LoopFinding finding)
    {
        if (judged is { Result: not 0, HasFailed: false })
            return;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        Span<uint> keys = stackalloc uint[Bounds.LoopMemory];
        var shape = judged.Shape;
        var count = 0;
        var scope = memory.FindScope(judged.Scope);
        var left = rule.Last;
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (!moment.Reaches(memory, call, rule.WindowMilliseconds))
                break;
            if (call.Scope != scope || call.IsModel)
                continue;
            if (left-- == 0 || call.HasChanged)
                break;
            if (call.Tool != judged.Tool)
                continue;
            if (!call.Marks.HasFlag(CallMarks.Failed) || (shape != 0 && memory.ShapeAt(place) != shape))
                break;
            shape = memory.ShapeAt(place);
            if (IsKnown(judged.Key, keys[..count], memory.KeyAt(place)))
                continue;
            (keys[count], counted[count]) = (memory.KeyAt(place), (byte)place);
            count++;
        }

        if (count >= 2)
            finding.Offer(LoopKind.SameFailure, rule, count + 1, counted[..count]);
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
            if (!moment.Reaches(memory, call, memory.LongestMilliseconds))
                return;
            if (call.Scope != scope)
                continue;
            if (!call.IsModel)
            {
                finding.Offer(LoopKind.ModelOnly, rule, count + 1, counted[..count]);
                return;
            }

            if (moment.Reaches(memory, call, rule.WindowMilliseconds))
                counted[count++] = (byte)place;
        }
    }

    private static bool IsKnown(uint judged, ReadOnlySpan<uint> counted, uint key) => key == 0 || key == judged || counted.Contains(key);
}
