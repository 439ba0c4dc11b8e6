using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger;

/// <summary>Pausing and resuming.</summary>
internal static class BreakerRules
{
    public static SessionAnswer Pause(Turn turn, PauseCommand command)
    {
        var head = turn.Head;
        if (head.End != EndReason.None)
            return turn.Refuse(RefusalReason.SessionEnded);
        if (head.Breaker.PausedBy.HasFlag(command.Source))
            return turn.Unchanged();
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Paused,
                Amount = Money.Zero,
                PauseSource = command.Source,
                Related = TenantHistory.Before(head),
                By = command.By,
                Reason = command.Reason,
            }
        );
    }

    public static SessionAnswer Resume(Turn turn, ResumeCommand command)
    {
        var head = turn.Head;
        if (head.End != EndReason.None)
            return turn.Refuse(RefusalReason.SessionEnded);
        var resumed = new Entry
        {
            Kind = EntryKind.Resumed,
            Related = TenantHistory.Before(head),
            By = command.By,
            Reason = command.Reason,
        };
        if (head.Breaker.PausedBy.HasFlag(command.Source))
            return turn.Answer(resumed with { PauseSource = command.Source });
        var mayClose =
            command.Source == PauseSources.Operator
            && head.Breaker.OpenReason switch
            {
                OpenReason.LoopDetected => true,
                OpenReason.BudgetExhausted => head.Standing.Available > Money.Zero,
                _ => false,
            };
        return mayClose ? turn.Answer(resumed with { Signals = EntrySignals.BreakerClosed }) : turn.Refuse(RefusalReason.NothingToResume);
    }
}
