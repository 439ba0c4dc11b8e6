namespace AgentBudget.Ledger;

/// <summary>
/// The last warnings of a session: so that each loop is warned about once, and so that a wait is known for longer than its calls are
/// remembered. A warning carries what was counted before it, and the next one is given while it is still remembered.
/// </summary>
internal sealed class LoopWarnings
{
    private const int Fewest = 2;
    private const int Most = 32;

    // Oldest first.
    private Warning[] warnings = new Warning[Fewest];
    private int count;

    /// <summary>Remembers the warning of an entry that began a call of a scope.</summary>
    public void Add(ulong scope, Entry entry)
    {
        if (entry.Loop is not { } found)
            return;
        if (count == Most)
            warnings.AsSpan(1).CopyTo(warnings);
        else if (count++ == warnings.Length)
            Array.Resize(ref warnings, 2 * warnings.Length);
        var isFirst = found.WaitingSince == 0;
        warnings[count - 1] = new Warning(scope, entry.Sequence, found.Rule)
        {
            Count = found.Count,
            WaitingSince = isFirst ? entry.Sequence : found.WaitingSince,
            // What a charge cost is spent already, and is part of what its evidence says of a wait.
            Spent = isFirst ? (entry.Kind == EntryKind.Charged ? entry.Amount : Money.Zero) : found.Spent,
        };
    }

    /// <summary>Takes what a call of a scope cost.</summary>
    public void Spend(ulong scope, Money cost)
    {
        for (var i = 0; i < count; i++)
        {
            if (warnings[i].Scope == scope)
                warnings[i].Spent += cost;
        }
    }

    /// <summary>Whether a rule has warned a scope at or after an entry; the rules that look at all of a session have no scope.</summary>
    public bool HasSince(LoopKind rule, ulong scope, long sequence)
    {
        for (var i = count - 1; i >= 0 && warnings[i].Sequence >= sequence; i--)
        {
            if (warnings[i].Rule == rule && (warnings[i].Scope == scope || rule is LoopKind.Spend or LoopKind.Rate))
                return true;
        }

        return false;
    }

    /// <summary>The last warning about one of the calls of a streak, and how many of the streak came after that call; null for
    /// none.</summary>
    public Warning? FindIn(LoopMemory memory, ReadOnlySpan<byte> newestFirst, out int later)
    {
        later = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            if (!warnings[i].IsOfARepeat)
                continue;
            while (later < newestFirst.Length && memory.SequenceOf(newestFirst[later]) > warnings[i].Sequence)
                later++;
            if (later < newestFirst.Length && memory.SequenceOf(newestFirst[later]) == warnings[i].Sequence)
                return warnings[i];
        }

        return null;
    }

    /// <summary>One warning.</summary>
    /// <param name="Scope">Who was warned.</param>
    /// <param name="Sequence">The entry that granted the call.</param>
    /// <param name="Rule">Which rule.</param>
    public record struct Warning(ulong Scope, long Sequence, LoopKind Rule)
    {
        /// <summary>What had been counted.</summary>
        public int Count { get; init; }

        /// <summary>The first warning about the same wait.</summary>
        public long WaitingSince { get; init; }

        /// <summary>What its scope has spent since that.</summary>
        public Money Spent { get; set; }

        /// <summary>Whether it was about calls that come again, which may be a wait.</summary>
        public readonly bool IsOfARepeat =>
            Rule is LoopKind.Row or LoopKind.Repeat or LoopKind.Cycle or LoopKind.Stall or LoopKind.CounterRow;
    }
}
