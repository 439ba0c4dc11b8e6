namespace AgentBudget.Ledger;

/// <summary>Pausing and resuming.</summary>
internal static class BreakerRules
{
    public static SessionAnswer Pause(Turn turn, PauseCommand command)
    {
        var head = turn.Head;
        if (head.End != EndReason.None) return turn.Refuse(RefusalReason.SessionEnded);
        if (head.Breaker.PausedBy.HasFlag(command.Source)) return new SessionAnswer { Standing = head.Standing, IsReplay = true };
        return turn.Answer(turn.Draft(EntryKind.Paused, Money.Zero) with { PauseSource = command.Source, Reason = command.Reason });
    }

    public static SessionAnswer Resume(Turn turn, ResumeCommand command)
    {
        var head = turn.Head;
        if (head.End != EndReason.None) return turn.Refuse(RefusalReason.SessionEnded);
        var draft = turn.Draft(EntryKind.Resumed, Money.Zero) with { Reason = command.Reason };
        if (head.Breaker.PausedBy.HasFlag(command.Source)) return turn.Answer(draft with { PauseSource = command.Source });
        var mayClose = command.Source == PauseSources.Operator && head.Breaker.OpenReason switch
        {
            OpenReason.LoopDetected => true,
            OpenReason.BudgetExhausted => head.Standing.Available > Money.Zero,
            _ => false,
        };
        return mayClose ? turn.Answer(draft with { Signals = EntrySignals.BreakerClosed }) : turn.Refuse(RefusalReason.NothingToResume);
    }
}
