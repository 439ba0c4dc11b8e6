namespace AgentBudget.Ledger;

/// <summary>Children: shared sub-accounts, and money carved for sessions of their own.</summary>
internal static class ChildRules
{
    public static SessionAnswer OpenShared(Turn turn, OpenSharedChildCommand command)
    {
        if (turn.Head.IsOver)
            return turn.Refuse(RefusalReason.SessionEnded);
        if (ChildFold.Find(turn.Head, command.Child) is { } known)
        {
            return known is { Kind: ChildKind.Shared, IsOpen: true }
                ? turn.Unchanged() with
                {
                    EntrySequence = known.OpenedSequence,
                }
                : turn.Refuse(RefusalReason.AlreadyOpen);
        }

        if (turn.State.OpenChildren >= Bounds.OpenChildren)
            return turn.Refuse(RefusalReason.TooManyChildren);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.ChildOpened,
                Amount = Money.Zero,
                Child = command.Child,
            }
        );
    }

    public static SessionAnswer CloseShared(Turn turn, CloseSharedChildCommand command)
    {
        if (ChildFold.Find(turn.Head, command.Child) is not { Kind: ChildKind.Shared } known)
            return turn.Refuse(RefusalReason.ChildUnknown);
        if (!known.IsOpen)
            return turn.Unchanged();
        ReservationRules.ReleaseAll(turn, turn.Time, command.Child);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.ChildClosed,
                Amount = Money.Zero,
                Child = command.Child,
            }
        );
    }

    /// <summary>Step 1 of the protocol: the parent debits itself before anything is credited to the child.</summary>
    public static SessionAnswer Carve(Turn turn, CarveCommand command)
    {
        var head = turn.Head;
        if (head.End != EndReason.None)
            return turn.Refuse(RefusalReason.SessionEnded);
        var known = ChildFold.Find(head, command.Child);
        if (command.IsTopUp && known is not { Kind: ChildKind.Carved, IsOpen: true })
            return turn.Refuse(RefusalReason.ChildUnknown);
        // A name that is taken stays taken, by a shared child or a closed one as well: money carved for it could never come back.
        if (!command.IsTopUp && known is not null)
            return turn.Refuse(RefusalReason.AlreadyOpen);
        if (known is null && turn.State.OpenChildren >= Bounds.OpenChildren)
            return turn.Refuse(RefusalReason.TooManyChildren);
        if (head.Breaker.State != BreakerState.Closed)
            return turn.Refuse(ReserveRules.ReasonOf(head.Breaker));
        var judgement = ReserveRules.JudgeAmount(head, command.Amount, least: null, isFinal: false);
        if (judgement.Reason != RefusalReason.None)
            return turn.Refuse(judgement.Reason, judgement.Reason == RefusalReason.InsufficientNow ? ReserveRules.RetryAfter : null);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Carved,
                Amount = command.Amount,
                Child = command.Child,
                CarveNumber = (known?.CarveNumber ?? 0) + 1,
                Related = known?.OpenedSequence ?? 0,
            }
        );
    }

    /// <summary>Step 5: everything carved comes back, what was spent is booked. A child's overage counts here as well.</summary>
    public static SessionAnswer Return(Turn turn, ReturnCarveCommand command)
    {
        var head = turn.Head;
        if (ChildFold.Find(head, command.Child) is not { Kind: ChildKind.Carved } known || known.OpenedSequence != command.CarveId)
            return turn.Refuse(RefusalReason.ChildUnknown);
        if (!known.IsOpen)
            return turn.Unchanged();
        if (SpendRules.IsOutOfRange(head, command.Spent))
            return turn.Refuse(RefusalReason.OutOfRange);
        var crossing = Limits.Cross(head, head.Budget, head.Spent + command.Spent, head.Reserved - known.Carved);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.CarveReturned,
                Amount = command.Spent,
                Requested = known.Carved,
                Related = known.OpenedSequence,
                Child = command.Child,
                Breakdown = command.Breakdown,
                Crossing = crossing,
            }
        );
    }

    public static SessionAnswer AcknowledgeReturn(Turn turn)
    {
        if (turn.Head.Origin is not { ReturnAcknowledged: false } || turn.Head.End == EndReason.None)
            return turn.Unchanged();
        return SessionAnswer.Of(turn.WriteUnasked(new Entry { Kind = EntryKind.ReturnAcknowledged }));
    }

    public static SessionAnswer Forwarded(Turn turn, ForwardedCommand command)
    {
        if (turn.Head.Origin is not { } origin || command.ThroughSequence <= origin.ForwardedThrough)
            return turn.Unchanged();
        return SessionAnswer.Of(turn.WriteUnasked(new Entry { Kind = EntryKind.LateChargesForwarded, Related = command.ThroughSequence }));
    }
}
