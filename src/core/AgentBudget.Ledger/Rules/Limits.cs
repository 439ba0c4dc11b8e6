using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger;

/// <summary>Soft limits, hard limit and finalization reserve: where they lie, and what crossing them causes.</summary>
internal static class Limits
{
    /// <summary>The most that may be settled and reserved by ordinary calls, or by a call marked final.</summary>
    public static Money Ceiling(SessionHead head, bool isFinal)
    {
        var options = head.Options!;
        var fraction = isFinal ? options.HardLimit : options.HardLimit - options.FinalizationReserve;
        return RoundedDown(head.Budget, fraction);
    }

    /// <summary>What a call of this kind could have now.</summary>
    public static Money Room(SessionHead head, bool isFinal)
    {
        var standing = head.Standing;
        var belowCeiling = Ceiling(head, isFinal) - standing.Settled - standing.Reserved;
        return Money.Max(Money.Zero, Money.Min(belowCeiling, standing.Available));
    }

    /// <summary>What it holds of its tenant's money and has neither spent nor set aside.</summary>
    public static Money InHand(SessionHead head) => TenantLimits.InHand(head);

    /// <summary>Whether spent has reached the hard limit, or overage stands.</summary>
    public static bool IsHardLimitMet(BudgetSessionOptions options, Money budget, Money spent, Money reserved) =>
        spent.NanoDollars >= budget.NanoDollars * options.HardLimit || spent > budget - reserved;

    /// <summary>
    /// What it causes that a session goes from its head to these amounts by recording a cost or changing the budget: soft limits that
    /// are met now and were not before, the hard limit, the breaker.
    /// </summary>
    public static Crossing Cross(SessionHead head, Money budget, Money spent, Money reserved)
    {
        var options = head.Options!;
        var met = SoftLimitsMet(options, budget, spent);
        var crossed = met == 0 ? 0 : met & ~SoftLimitsMet(options, head.Budget, head.Spent);
        var signals = crossed == 0 ? EntrySignals.None : EntrySignals.SoftLimit;
        if (!head.HardLimitFired && IsHardLimitMet(options, budget, spent, reserved))
            signals |= EntrySignals.HardLimit;
        // Beyond a hard limit below the budget, only what makes it worse opens the breaker: an operator who resumed the session and adds
        // money, or takes a cost back, must not shut it again.
        var isWorse = spent > head.Spent || budget < head.Budget;
        var exceeds =
            OverageOf(budget, spent, reserved) > head.Standing.Overage
            || (isWorse && spent.NanoDollars > budget.NanoDollars * options.HardLimit);
        if (!exceeds || head.Breaker.OpenReason != OpenReason.None)
            return new Crossing(signals, crossed, OpenReason.None);
        return new Crossing(signals | EntrySignals.BreakerOpened, crossed, OpenReason.BudgetExhausted);
    }

    private static Money OverageOf(Money budget, Money spent, Money reserved) => spent - Money.Min(spent, budget - reserved);

    private static int SoftLimitsMet(BudgetSessionOptions options, Money budget, Money spent)
    {
        var limits = options.SoftLimits;
        var met = 0;
        for (var i = 0; i < limits.Count; i++)
        {
            if (spent.NanoDollars >= budget.NanoDollars * limits[i])
                met |= 1 << i;
        }

        return met;
    }

    private static Money RoundedDown(Money budget, decimal fraction) =>
        fraction == 1m ? budget : Money.FromNanoDollars((long)decimal.Floor(budget.NanoDollars * fraction));
}

/// <summary>What a change of amounts causes.</summary>
/// <param name="Signals">Soft limit, hard limit, breaker.</param>
/// <param name="SoftLimitsCrossed">Which soft limits.</param>
/// <param name="OpenReason">Why the breaker opens, or none.</param>
internal readonly record struct Crossing(EntrySignals Signals, int SoftLimitsCrossed, OpenReason OpenReason)
{
    public static Crossing None => default;
}
