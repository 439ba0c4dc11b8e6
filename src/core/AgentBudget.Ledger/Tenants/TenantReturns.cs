namespace AgentBudget.Ledger.Tenants;

/// <summary>How a holder gives back what its tenant calls back from it.</summary>
internal static class TenantReturns
{
    /// <summary>For how long a recall stands at a session: whoever waits for the money is not helped by what lay idle alone.</summary>
    private static readonly TimeSpan RecallStands = TimeSpan.FromSeconds(1);

    /// <summary>Gives back what lies idle; a tenant calls it back from its holders first.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="round">The recall.</param>
    /// <param name="since">Since when the oldest waits for whom it is made.</param>
    public static void GiveBack(Turn turn, long round, DateTimeOffset since)
    {
        var state = turn.State;
        state.Needs.Recall(round, since, turn.Time + RecallStands);
        if (turn.Head.Tenant is not null && turn.Head.Reserved > Money.Zero)
        {
            state.Desk.RecallFor(state, round, since, turn.Time);
            if (state.Desk.IsRecalling)
                return;
        }

        GiveBackIdle(turn);
    }

    /// <summary>Gives back what has come free while a recall stands, unless somebody here waits for it.</summary>
    public static void GiveBackFreed(Turn turn)
    {
        if (turn.State.NeedsOrNull is not { } needs || turn.Time >= needs.RecallStandsUntil || turn.Head.Tenant is not null)
            return;
        if (turn.State.LineOrNull is not { Calls.Count: > 0 } && !needs.IsOpen)
            GiveBackIdle(turn);
    }

    public static void GiveBackIdle(Turn turn)
    {
        turn.State.Needs.AnswerRecall();
        // A tenant keeps nothing: whoever waits there has a place in its line.
        var kept = turn.Head.Tenant is null ? turn.State.Needs.KeptAt(turn.Time) : Money.Zero;
        var idle = TenantLimits.InHand(turn.Head);
        idle -= Money.Min(idle, kept);
        if (idle <= Money.Zero || turn.Head.Link is not { Policy: HolderPolicy.Sliced } link)
            return;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.MoneyReturned,
                Amount = idle,
                Link = link with { GivenBack = link.GivenBack + idle },
            }
        );
    }
}
