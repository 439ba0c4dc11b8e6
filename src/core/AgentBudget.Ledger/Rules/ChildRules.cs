namespace AgentBudget.Ledger;

/// <summary>Shared children: sub-accounts inside a session.</summary>
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
}
