using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>What a tenant calls back, or asks of the one above, for nobody who waits in its line.</summary>
internal static class TenantRecall
{
    /// <summary>Calls back what is out beyond a limit that was lowered, as long as that brings anything.</summary>
    public static void CallBackOverLimit(Turn turn)
    {
        if (turn.Head.Tenant is null || !turn.State.HasHolders || TenantLimits.OverLimit(turn.Head) is not { NanoDollars: > 0 } over)
            return;
        if (!turn.State.Desk.IsRecallDue)
            turn.State.Desk.Recall(turn.State, over, turn.Time);
    }

    /// <summary>Has the whole budget of a session that is to be opened come, from above or from those who have it idle.</summary>
    /// <returns>Why it is refused until then.</returns>
    public static RefusalReason Seek(Turn turn, string holderId, Money budget)
    {
        var (head, state) = (turn.Head, turn.State);
        var need = new Need(budget, budget, budget, turn.Time, holderId);
        if (budget > TenantLimits.InHand(head))
        {
            if (!state.Needs.MayAsk(need, turn.Time))
                return state.Needs.Reason;
            state.Needs.Note(need, turn.Time);
        }

        if (budget > TenantLimits.OwnRoom(head) && state.HasHolders && !state.Desk.IsRecallDue)
            state.Desk.Recall(state, budget, turn.Time);
        return RefusalReason.InsufficientNow;
    }
}
