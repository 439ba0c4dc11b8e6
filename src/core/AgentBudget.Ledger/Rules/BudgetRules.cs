using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger;

/// <summary>The operator's side of the money: top-ups, a new budget, corrections.</summary>
internal static class BudgetRules
{
    public static SessionAnswer TopUp(Turn turn, TopUpCommand command)
    {
        var head = turn.Head;
        if (head.IsOver)
            return turn.Refuse(RefusalReason.SessionEnded);
        if (head.Link is { IsCarved: true })
            return IntentRules.TopUp(turn, command);
        if (head.Budget.NanoDollars > Money.MaxAmount.NanoDollars - command.Amount.NanoDollars)
            return turn.Refuse(RefusalReason.OutOfRange);
        return turn.Answer(
            WithBudget(turn, head.Budget + command.Amount, new Entry { Kind = EntryKind.ToppedUp, Amount = command.Amount }) with
            {
                Reason = command.Reason,
            }
        );
    }

    public static SessionAnswer Set(Turn turn, SetBudgetCommand command)
    {
        var head = turn.Head;
        if (head.IsOver)
            return turn.Refuse(RefusalReason.SessionEnded);
        if (head.Link is { IsCarved: true } && command.Budget > head.Budget)
            return IntentRules.SetBudget(turn, command);
        if (command.Budget < head.Standing.Settled + head.Reserved)
            return turn.Refuse(RefusalReason.BudgetTooLow);
        return turn.Answer(
            WithBudget(turn, command.Budget, new Entry { Kind = EntryKind.BudgetSet, Amount = command.Budget }) with
            {
                Reason = command.Reason,
                // What a holder does not want any more goes back to its parent.
                Link = head.Link is { IsCarved: true } link ? link with { GivenBack = link.Granted - command.Budget } : null,
            }
        );
    }

    public static SessionAnswer Correct(Turn turn, CorrectCommand command)
    {
        if (turn.LookUps.Target is not { } target)
            return turn.Refuse(RefusalReason.NotCorrectable);
        return target.Kind switch
        {
            EntryKind.Settled or EntryKind.Charged => CorrectSpend(turn, command, target, target.Call!),
            EntryKind.Opened or EntryKind.ToppedUp when turn.Head.Link is not { IsCarved: true } => CorrectBudget(turn, command, target),
            EntryKind.Opened or EntryKind.ToppedUp => turn.Refuse(RefusalReason.NotForCarvedChild),
            _ => turn.Refuse(RefusalReason.NotCorrectable),
        };
    }

    // In 128 bits: an entry may be corrected upwards again and again, and the budget set down in between.
    private static bool TakesBackTooMuch(Turn turn, CorrectCommand command, Entry target)
    {
        var left = (Int128)target.Amount.NanoDollars + command.Difference.NanoDollars;
        foreach (var related in turn.LookUps.Related)
        {
            if (related.Kind == EntryKind.Corrected)
                left += related.Amount.NanoDollars;
        }

        return left < 0;
    }

    private static SessionAnswer CorrectSpend(Turn turn, CorrectCommand command, Entry target, Call call)
    {
        if (TakesBackTooMuch(turn, command, target))
            return turn.Refuse(RefusalReason.CorrectionTooLarge);
        var head = turn.Head;
        var spent = head.Spent.NanoDollars + (Int128)command.Difference.NanoDollars;
        if (spent > long.MaxValue)
            return turn.Refuse(RefusalReason.OutOfRange);
        if (spent < 0)
            return turn.Refuse(RefusalReason.CorrectionTooLarge);
        var crossing = Limits.Cross(head, head.Budget, Money.FromNanoDollars((long)spent), head.Reserved);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Corrected,
                Amount = command.Difference,
                Related = target.Sequence,
                Call = call,
                Child = target.Child,
                Reason = command.Reason,
                Crossing = crossing,
            }
        );
    }

    private static SessionAnswer CorrectBudget(Turn turn, CorrectCommand command, Entry target)
    {
        if (TakesBackTooMuch(turn, command, target))
            return turn.Refuse(RefusalReason.CorrectionTooLarge);
        var head = turn.Head;
        if (head.End != EndReason.None)
            return turn.Refuse(RefusalReason.SessionEnded);
        var budget = head.Budget + command.Difference;
        if (budget > Money.MaxAmount)
            return turn.Refuse(RefusalReason.OutOfRange);
        if (budget <= Money.Zero || budget < head.Standing.Settled + head.Reserved)
            return turn.Refuse(RefusalReason.BudgetTooLow);
        return turn.Answer(
            WithBudget(turn, budget, new Entry { Kind = EntryKind.Corrected, Amount = command.Difference }) with
            {
                Related = target.Sequence,
                Reason = command.Reason,
            }
        );
    }

    // Raising strictly above what is spent resumes an exhausted session; lowering can meet limits.
    public static Entry WithBudget(Turn turn, Money budget, Entry entry)
    {
        var head = turn.Head;
        var resumes = head.Breaker.OpenReason == OpenReason.BudgetExhausted && budget > head.Budget && budget > head.Spent;
        if (resumes)
            return entry with { Signals = EntrySignals.BreakerClosed };
        var crossing = Limits.Cross(head, budget, head.Spent, head.Reserved);
        return entry with { Crossing = crossing };
    }
}
