using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What a session under a tenant, or a tenant under a tenant, decides as a holder of the tenant's money.</summary>
internal static class TenantHolder
{
    public static void Take(Turn turn, Money granted, Money credit)
    {
        var isExhausted = turn.Head.Breaker.OpenReason == OpenReason.TenantExhausted;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.GrantTaken,
                Amount = credit,
                Link = turn.Head.Link! with { Granted = granted },
                Signals = isExhausted ? EntrySignals.BreakerClosed : EntrySignals.None,
            }
        );
        turn.State.NeedsOrNull?.Served(turn.Time);
        TenantGrants.Serve(turn);
        TenantGrants.AskForTheRest(turn);
    }

    public static void Follow(Turn turn, ParentWord word)
    {
        if (word.IsHint)
        {
            turn.State.NeedsOrNull?.Hint();
            turn.State.DeskOrNull?.HintAll();
        }

        if (turn.State.NeedsOrNull is { IsOpen: true } needs && word.RefusedAsk == needs.Number)
        {
            if (word.Refused is { } reason)
            {
                var by = word.RefusedBy is { } path ? new TenantRefusal(path, word.AvailableThere) : null;
                needs.Refuse(reason, by, turn.Time);
                TenantGrants.RefusedAbove(turn, reason);
            }
            else if (word.IsPending)
            {
                needs.Wait(turn.Time);
            }
            else
            {
                // It had been granted before, or lacks nothing any more: what is in hand is used before it asks again.
                needs.LacksNothing(turn.Time);
            }
        }

        if (word.Recall > turn.State.Needs.RecallHeard && turn.Head.Link!.Policy == HolderPolicy.Sliced)
            TenantReturns.GiveBack(turn, word.Recall, word.RecallSince);
    }
}
