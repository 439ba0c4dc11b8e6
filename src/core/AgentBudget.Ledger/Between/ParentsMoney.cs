namespace AgentBudget.Ledger.Between;

/// <summary>Whether a ledger with a budget of its own holds enough of its parent's money for what its budget allows.</summary>
internal static class ParentsMoney
{
    /// <summary>Cuts a judgement down to what is inHand; where that is too little, the parent is asked first.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="verdict">What the ledger's own budget says: granted.</param>
    /// <param name="least">The least that the caller would take; null for all or nothing.</param>
    public static ReserveRules.Verdict Limit(Turn turn, ReserveRules.Verdict verdict, Money? least)
    {
        if (turn.Head.Link is not { IsCarved: false } || verdict.Granted == Money.Zero)
            return verdict;
        var (inHand, needs) = (Limits.InHand(turn.Head), turn.State.Needs);
        if (verdict.Granted <= inHand)
        {
            needs.Use(verdict.Granted, turn.Time);
            return verdict;
        }

        if (needs.MayAsk(NeedOf(verdict.Granted, least, turn.Time), turn.Time))
            return Ask(turn, verdict.Granted, least);
        if (inHand > Money.Zero && least <= inHand)
        {
            needs.Use(inHand, turn.Time);
            return verdict with { Granted = inHand };
        }

        return new ReserveRules.Verdict(needs.Reason);
    }

    /// <summary>The tenant that refused, where the reason is one of a tenant's.</summary>
    public static TenantRefusal? RefusedBy(SessionState state, RefusalReason reason) =>
        state.NeedsOrNull is { RefusedBy: { } by } needs && needs.Reason == reason ? by : null;

    /// <summary>Notes that a call lacks money of the parent.</summary>
    public static ReserveRules.Verdict Ask(Turn turn, Money amount, Money? least)
    {
        // Whoever waits in line has one place with the parent as well, however often it is tried.
        var waiting = turn.State.LineOrNull?.Find(turn.Command?.Key);
        var since = waiting?.Since ?? turn.State.Needs.SinceOf(turn.Time);
        turn.State.Needs.Note(NeedOf(amount, least, since) with { Key = waiting?.Command.Key }, turn.Time);
        turn.LacksParentsMoney = true;
        return new ReserveRules.Verdict(RefusalReason.InsufficientNow);
    }

    private static Need NeedOf(Money amount, Money? least, DateTimeOffset since) => new(least ?? amount, amount, amount, since);
}
