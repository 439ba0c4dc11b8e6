namespace AgentBudget.Ledger;

/// <summary>Who may have more money for a call that is under way.</summary>
internal static class GrowRules
{
    public static SessionAnswer Grow(Turn turn, GrowCommand command)
    {
        if (turn.State.FindOpen(command.ReservationId) is not { } reservation)
            return ReservationRules.RefuseNotOpen(turn, command.ReservationId);
        var head = turn.Head;
        if (head.IsOver)
            return turn.Refuse(RefusalReason.SessionEnded);
        var isObserving = head.Options!.Mode == SessionMode.Observe;
        var verdict = ReserveRules.FindHindrance(turn, command.IsFinal) is { } hindrance
            ? new ReserveRules.Verdict(hindrance)
            : ReserveRules.JudgeInTurn(turn, command.Amount, command.LeastAmount, command.IsFinal);
        if (verdict.Reason != RefusalReason.None && !isObserving)
            return ReserveRules.Refuse(turn, command.Amount, reservation.Call, reservation.Child, verdict);
        var granted =
            verdict.Reason == RefusalReason.None
                ? verdict.Granted
                : Money.Min(command.Amount, Money.Min(head.Standing.Available, Limits.InHand(head)));
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Grown,
                Amount = granted,
                Requested = reservation.Amount + granted,
                Related = reservation.Id,
                Call = reservation.Call,
                Child = reservation.Child,
                ExpiresAt = reservation.ExpiresAt,
                WouldRefuse = verdict.Reason,
                Signals = (command.IsFinal ? EntrySignals.Final : EntrySignals.None) | ReserveRules.ClosedBy(turn, verdict),
                Crossing = isObserving ? ReserveRules.TransitionOf(turn, verdict) : Crossing.None,
            }
        );
    }
}
