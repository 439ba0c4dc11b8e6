namespace AgentBudget.Ledger;

/// <summary>
/// One call as a session remembers it, in 16 bytes: 32 of them and their keys are most of what an idle session spends on its sense of
/// loops. Times and sequences are kept modulo a span that is longer than anything is remembered.
/// </summary>
internal readonly struct RememberedCall
{
    private const int SequenceMask = (1 << 11) - 1;
    private const uint TimeMask = (1U << 27) - 1;
    private const int SpentBits = 37;
    private const ulong SpentMask = (1UL << SpentBits) - 1;

    // result 24 | tool 16 | scope 8 | sequence 11 | flags 5
    private readonly ulong what;

    // milliseconds 27 | micro-dollars 37, whose upper part stands elsewhere
    private readonly ulong when;

    public RememberedCall(ushort tool, byte scope, long sequence, long milliseconds, Money spentBefore, CallMarks marks)
    {
        what = ((ulong)tool << 24) | ((ulong)scope << 16) | ((ulong)(sequence & SequenceMask) << 5) | (byte)marks;
        when = ((ulong)(milliseconds & TimeMask) << SpentBits) | (Micro(spentBefore) & SpentMask);
    }

    private RememberedCall(ulong what, ulong when) => (this.what, this.when) = (what, when);

    /// <summary>Stands for the result; 0 while it is not known.</summary>
    public uint Result => (uint)(what >> 40);

    public ushort Tool => (ushort)(what >> 24);

    public byte Scope => (byte)(what >> 16);

    public CallMarks Marks => (CallMarks)(what & 31);

    /// <summary>Whether it changed something, as far as is known.</summary>
    public bool HasChanged => (Marks & (CallMarks.Changes | CallMarks.Failed)) == CallMarks.Changes;

    public bool IsModel => (Marks & CallMarks.Model) != 0;

    /// <summary>How many entries before the given one it stands.</summary>
    public int SequencesBefore(long sequence) => (int)(((ulong)sequence - (what >> 5)) & SequenceMask);

    /// <summary>How many milliseconds before the given time it began.</summary>
    public uint MillisecondsBefore(long milliseconds) => (uint)((ulong)milliseconds - (when >> SpentBits)) & TimeMask;

    /// <summary>What was spent since it began, to the micro-dollar; nothing when what was spent before was corrected since.</summary>
    /// <param name="spent">What is spent now.</param>
    /// <param name="upperSpent">The upper part of what was spent before it: see <see cref="UpperSpentOf"/>.</param>
    public Money SpentSince(Money spent, ushort upperSpent)
    {
        var before = ((long)upperSpent << SpentBits) | (long)(when & SpentMask);
        return Money.FromNanoDollars(Math.Max(0, (long)Micro(spent) - before) * 1000);
    }

    /// <summary>The part of a sum that does not fit into a call: 0 below $137,438.953472. Both parts hold nine billion dollars.</summary>
    public static ushort UpperSpentOf(Money spentBefore) => (ushort)Math.Min(ushort.MaxValue, Micro(spentBefore) >> SpentBits);

    public RememberedCall WithResult(uint result, bool failed) =>
        new((what & 0xFF_FFFF_FFFF & ~(ulong)CallMarks.Failed) | ((ulong)result << 40) | (failed ? (ulong)CallMarks.Failed : 0), when);

    private static ulong Micro(Money spent) => (ulong)(spent.NanoDollars / 1000);
}

/// <summary>What is worth knowing of a remembered call.</summary>
[Flags]
internal enum CallMarks : byte
{
    None = 0,

    /// <summary>It is a model call.</summary>
    Model = 1,

    /// <summary>It failed.</summary>
    Failed = 2,

    /// <summary>It changes something.</summary>
    Changes = 4,
}
