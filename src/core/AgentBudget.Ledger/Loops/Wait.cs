namespace AgentBudget.Ledger;

/// <summary>A streak that waits, back to before what its rule looks at.</summary>
/// <param name="Count">How often it came in all, by the rule's count.</param>
/// <param name="Since">The entry that was first warned about it; 0 when none was.</param>
/// <param name="Spent">What its agent has spent since that.</param>
/// <param name="IsTold">Whether it needs no other warning yet.</param>
internal readonly record struct Wait(int Count, long Since, Money Spent, bool IsTold)
{
    /// <summary>The wait that a rule has counted the end of.</summary>
    public static Wait Of(LoopMemory memory, int count, ReadOnlySpan<byte> counted, Money cost)
    {
        if (memory.Warnings?.FindIn(memory, counted, out var later) is not { } warning)
            return new Wait(count, 0, Money.Zero, IsTold: false);
        // Rounds and turns are of several calls each: what came since is the same part of the count as of the calls.
        var since = count * (later + 1) / (counted.Length + 1);
        // Who was warned at a call that is about to be forgotten is warned again, so that the count goes on.
        var isTold = (later + 1) * 4 <= counted.Length * 3;
        return new Wait(warning.Count + since, warning.WaitingSince, warning.Spent + cost, isTold);
    }

    /// <summary>Whether it has come to what is a loop after all.</summary>
    public bool IsFarBeyond(WaitingRule rule, Money budget) =>
        (rule.Calls > 0 && Count >= rule.Calls) || (rule.Share > 0 && Since > 0 && Spent.Dollars >= budget.Dollars * rule.Share);
}
