namespace AgentBudget.Ledger;

/// <summary>How costs are recorded: by settling a reservation, or after the fact. On an opened session they always are.</summary>
internal static class SpendRules
{
    public static SessionAnswer Settle(Turn turn, SettleCommand command)
    {
        if (turn.State.FindOpen(command.ReservationId) is not { } reservation)
            return SettleLate(turn, command);
        var head = turn.Head;
        if (IsOutOfRange(head, command.Cost))
            return turn.Refuse(RefusalReason.OutOfRange);
        var crossing = Limits.Cross(head, head.Budget, head.Spent + command.Cost, head.Reserved - reservation.Amount);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Settled,
                Amount = command.Cost,
                Requested = reservation.Amount,
                Related = reservation.Id,
                Call = command.Call ?? reservation.Call,
                Child = reservation.Child,
                Crossing = crossing,
            }
        );
    }

    public static SessionAnswer Charge(Turn turn, ChargeCommand command) =>
        Record(turn, command.Cost, command.Call, command.Child, related: 0, turn.Head.End != EndReason.None);

    /// <summary>A cost whose reservation is gone is real all the same: recorded as a late charge, once, linked to the
    /// reservation.</summary>
    private static SessionAnswer SettleLate(Turn turn, SettleCommand command)
    {
        if (turn.FindGivenBack(command.ReservationId) is { } back)
            return Record(turn, command.Cost, command.Call ?? back.Call!, back.Child, back.Related, isLate: true);
        if (turn.LookUps.Target is not { Kind: EntryKind.Reserved } reserved)
            return turn.Refuse(RefusalReason.ReservationUnknown);
        var cameBack = false;
        foreach (var related in turn.LookUps.Related)
        {
            if (related.Kind == EntryKind.Charged)
                return turn.Refuse(RefusalReason.ReservationNotOpen);
            cameBack |= related.Kind is EntryKind.Released or EntryKind.Expired;
        }

        // Neither open nor given back: it was settled, under another key.
        if (!cameBack)
            return turn.Refuse(RefusalReason.ReservationNotOpen);
        return Record(turn, command.Cost, command.Call ?? reserved.Call!, reserved.Child, reserved.Sequence, isLate: true);
    }

    private static SessionAnswer Record(Turn turn, Money cost, Call call, string? child, long related, bool isLate)
    {
        var head = turn.Head;
        if (IsOutOfRange(head, cost))
            return turn.Refuse(RefusalReason.OutOfRange);
        var crossing = Limits.Cross(head, head.Budget, head.Spent + cost, head.Reserved);
        // A late settlement was counted when it was reserved; a breaker that is open has its reason.
        var mayLoop = related == 0 && head.Breaker.OpenReason == OpenReason.None && crossing.OpenReason == OpenReason.None;
        var loop = mayLoop ? turn.State.FindLoop(call, child, turn.Time, cost, Money.Zero) : null;
        if (loop is { Action: LoopAction.Trip })
            crossing = crossing with { Signals = crossing.Signals | EntrySignals.BreakerOpened, OpenReason = OpenReason.LoopDetected };
        else if (loop is not null)
            crossing = crossing with { Signals = crossing.Signals | EntrySignals.LoopWarning };
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Charged,
                Amount = cost,
                Related = related,
                Call = call,
                Child = child,
                Loop = loop,
                Signals = isLate ? EntrySignals.Late : EntrySignals.None,
                Crossing = crossing,
            }
        );
    }

    /// <summary>Whether the sum of what was spent would leave the range of money.</summary>
    public static bool IsOutOfRange(SessionHead head, Money cost) => head.Spent.NanoDollars > long.MaxValue - cost.NanoDollars;
}
