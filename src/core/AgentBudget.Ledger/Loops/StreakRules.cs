using System.Runtime.CompilerServices;

namespace AgentBudget.Ledger;

/// <summary>Rules that need no call to come again: one result for many arguments, one failure for many, models that never call a
/// tool.</summary>
internal static class StreakRules
{
    /// <summary>What a call is to a streak.</summary>
    private enum Part
    {
        /// <summary>It may stand between.</summary>
        Passes,

        /// <summary>It is one of the streak.</summary>
        Counts,

        /// <summary>It stands before the streak.</summary>
        Ends,
    }

    private interface IStreak
    {
        Part PartOf(in RememberedCall call, ushort shape, ushort tool);
    }

    /// <summary>One tool with changing arguments and the same result each time, nothing else between.</summary>
    public static void SameResult(LoopMemory memory, in CallTraits judged, LoopRule rule, in LoopMoment moment, ref LoopFinding finding) =>
        ChangingArguments(new ResultStreak(judged.Result), LoopKind.SameResult, memory, judged, rule, moment, ref finding);

    /// <summary>One tool with changing arguments that failed alike each time. What looks at something else may stand between, and other
    /// failures.</summary>
    public static void SameFailure(LoopMemory memory, in CallTraits judged, LoopRule rule, in LoopMoment moment, ref LoopFinding finding)
    {
        if (judged is not { Result: not 0, HasFailed: false })
            ChangingArguments(new FailureStreak(judged.Shape), LoopKind.SameFailure, memory, judged, rule, moment, ref finding);
    }

    // Each key counts once, and the one that is judged not at all: it is counted already. What is read of the two lists was written before:
    // filling them with zeros for each call would take longer than the rule.
    [SkipLocalsInit]
    private static void ChangingArguments<TStreak>(
        TStreak streak,
        LoopKind kind,
        LoopMemory memory,
        in CallTraits judged,
        LoopRule rule,
        in LoopMoment moment,
        ref LoopFinding finding
    )
        where TStreak : struct, IStreak
    {
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        Span<uint> keys = stackalloc uint[Bounds.LoopMemory];
        var count = 0;
        var scope = memory.FindScope(judged.Scope);
        var left = rule.Last;
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (!memory.Reaches(moment, call, rule.WindowMilliseconds))
                break;
            if (call.Scope != scope || call.IsModel)
                continue;
            if (left-- == 0)
                break;
            var part = streak.PartOf(call, memory.ShapeAt(place), judged.Tool);
            if (part == Part.Ends)
                break;
            if (part == Part.Passes || IsKnown(judged.Key, keys[..count], memory.KeyAt(place)))
                continue;
            (keys[count], counted[count]) = (memory.KeyAt(place), (byte)place);
            count++;
        }

        if (count >= 2)
            finding.Offer(kind, rule, count + 1, counted[..count]);
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
            if (!memory.Reaches(moment, call, memory.LongestMilliseconds))
                return;
            if (call.Scope != scope)
                continue;
            if (!call.IsModel)
            {
                finding.Offer(LoopKind.ModelOnly, rule, count + 1, counted[..count]);
                return;
            }

            if (memory.Reaches(moment, call, rule.WindowMilliseconds))
                counted[count++] = (byte)place;
        }
    }

    private static bool IsKnown(uint judged, ReadOnlySpan<uint> counted, uint key) => key == 0 || key == judged || counted.Contains(key);

    // The result that is known first, of the call that is judged or the newest before it, is the one of the streak.
    private struct ResultStreak(uint result) : IStreak
    {
        public Part PartOf(in RememberedCall call, ushort shape, ushort tool)
        {
            if (call.Tool != tool || call.Result == 0 || (result != 0 && call.Result != result))
                return Part.Ends;
            result = call.Result;
            return Part.Counts;
        }
    }

    private struct FailureStreak(ushort known) : IStreak
    {
        public Part PartOf(in RememberedCall call, ushort shape, ushort tool)
        {
            if (call.HasChanged)
                return Part.Ends;
            if (call.Tool != tool)
                return Part.Passes;
            if (!call.Marks.HasFlag(CallMarks.Failed) || (known != 0 && shape != known))
                return Part.Ends;
            known = shape;
            return Part.Counts;
        }
    }
}
