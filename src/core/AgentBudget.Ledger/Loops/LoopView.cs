using System.Numerics;

namespace AgentBudget.Ledger;

/// <summary>
/// A call that is judged, at index 0, and before it, from index 1 on, what its agent called of the same kind, newest first. Lives for
/// one judgement.
/// </summary>
internal ref struct LoopView
{
    /// <summary>Sketches are 64 bits of which two unrelated calls share half.</summary>
    private const int SketchBits = 64;

    private readonly LoopMemory memory;
    private readonly LoopMoment moment;
    private readonly CallTraits judged;
    private readonly Span<byte> places;
    private readonly Span<byte> turns;
    private readonly long gap;
    private readonly int sketchBitsNeeded;

    /// <param name="memory">What the session remembers.</param>
    /// <param name="judged">The call.</param>
    /// <param name="moment">When it is judged.</param>
    /// <param name="places">Room for <see cref="Bounds.LoopMemory"/> calls.</param>
    /// <param name="turns">Room for as many.</param>
    public LoopView(LoopMemory memory, in CallTraits judged, in LoopMoment moment, Span<byte> places, Span<byte> turns)
    {
        this.moment = moment;
        this.memory = memory;
        this.judged = judged;
        this.places = places;
        this.turns = turns;
        gap = memory.SinceLast(moment.Milliseconds);
        // Half of the bits are equal by chance: a share s of common words makes (1 + s) / 2 of them equal.
        sketchBitsNeeded = judged.IsSimilar ? (int)decimal.Ceiling(SketchBits * (1 + judged.Settings!.Similarity) / 2) : SketchBits + 1;
        Collect(moment.Sequence);
    }

    /// <summary>How many calls there are besides the one that is judged.</summary>
    public int Count { get; private set; }

    /// <summary>Whether model calls stand between the tool calls, so that turns can be told apart.</summary>
    public bool HasTurns { get; private set; }

    public readonly int PlaceAt(int index) => places[index - 1];

    /// <summary>The turn in which a call was made, counted back from the one that is judged.</summary>
    public readonly int TurnAt(int index) => index == 0 ? 0 : turns[index - 1];

    public readonly uint ResultAt(int index) => index == 0 ? judged.Result : memory.At(places[index - 1]).Result;

    public readonly ushort ShapeAt(int index) => index == 0 ? judged.Shape : memory.ShapeAt(places[index - 1]);

    /// <summary>Milliseconds before the call that is judged.</summary>
    public readonly long AgeAt(int index) =>
        index == 0 ? 0 : gap + memory.At(places[index - 1]).MillisecondsBefore(memory.LastMilliseconds);

    /// <summary>Whether a call changed something and had not been made before: what comes after it is another matter.</summary>
    public readonly bool IsNewChange(int index)
    {
        var place = places[index - 1];
        if (!memory.At(place).HasChanged || memory.KeyAt(place) == 0)
            return false;
        var before = memory.FindBack(memory.KeyAt(place), memory.BackOf(place) + 1);
        return before < 0 || !memory.Reaches(moment, memory.At(memory.PlaceOf(before)), memory.LongestMilliseconds);
    }

    /// <summary>The session's budget.</summary>
    public readonly Money Budget => moment.Budget;

    /// <summary>The wait that these calls, newest first, are the end of.</summary>
    public readonly Wait WaitOf(int count, ReadOnlySpan<byte> counted) => Wait.Of(memory, count, counted, moment.Cost);

    public readonly bool IsWithin(int index, long windowMilliseconds) => AgeAt(index) < windowMilliseconds;

    /// <summary>Whether two calls are the same, or alike where the tool's policy says so.</summary>
    public readonly bool AreSame(int left, int right)
    {
        var key = KeyAt(left);
        if (key != 0 && key == KeyAt(right))
            return true;
        if (!judged.IsSimilar || ToolAt(left) != ToolAt(right))
            return false;
        var (one, other) = (SketchAt(left), SketchAt(right));
        return one != 0 && other != 0 && BitOperations.PopCount(~(one ^ other)) >= sketchBitsNeeded;
    }

    /// <summary>Whether the call had this very result before, as far as is remembered.</summary>
    public readonly bool IsSeen(int index, int last)
    {
        var result = ResultAt(index);
        if (result == 0)
            return false;
        if (last >= Count && !judged.IsSimilar)
            return memory.HasResultBefore(KeyAt(index), result, index == 0 ? -1 : memory.BackOf(places[index - 1]), moment);
        for (var older = index + 1; older <= Count && older <= last; older++)
        {
            if (ResultAt(older) == result && AreSame(index, older))
                return true;
        }

        return false;
    }

    /// <summary>Whether the call made progress: its result is known, and it had it never before.</summary>
    public readonly bool IsFresh(int index) => ResultAt(index) != 0 && !IsSeen(index, Count);

    /// <summary>Whether the shape of its result is known and was not met before: more than a number has changed.</summary>
    public readonly bool IsFreshInShape(int index)
    {
        var shape = ShapeAt(index);
        if (shape == 0)
            return false;
        for (var older = index + 1; older <= Count; older++)
        {
            if (ShapeAt(older) == shape && AreSame(index, older))
                return false;
        }

        return true;
    }

    /// <summary>Whether the call that is judged came before.</summary>
    public readonly bool IsRepeat(int last)
    {
        for (var older = 1; older <= Count && older <= last; older++)
        {
            if (AreSame(0, older))
                return true;
        }

        return false;
    }

    private readonly uint KeyAt(int index) => index == 0 ? judged.Key : memory.KeyAt(places[index - 1]);

    private readonly ushort ToolAt(int index) => index == 0 ? judged.Tool : memory.At(places[index - 1]).Tool;

    private readonly ulong SketchAt(int index) => index == 0 ? judged.Sketch : memory.SketchAt(places[index - 1]);

    private void Collect(long sequence)
    {
        var scope = memory.FindScope(judged.Scope);
        if (scope < 0)
            return;
        var sequenceGap = sequence - memory.LastSequence;
        var turn = 0;
        var isBetween = false;
        for (var back = 0; back < memory.Count; back++)
        {
            var place = memory.PlaceOf(back);
            ref readonly var call = ref memory.At(place);
            if (sequenceGap + call.SequencesBefore(memory.LastSequence) >= Bounds.LoopEntries)
                return;
            if (gap + call.MillisecondsBefore(memory.LastMilliseconds) >= memory.LongestMilliseconds)
                return;
            if (call.Scope != scope)
                continue;
            if (call.IsModel != judged.IsModel)
            {
                if (!isBetween)
                    turn++;
                isBetween = true;
                continue;
            }

            HasTurns |= isBetween;
            isBetween = false;
            places[Count] = (byte)place;
            turns[Count] = (byte)turn;
            Count++;
        }
    }
}
