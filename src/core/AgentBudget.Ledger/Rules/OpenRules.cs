namespace AgentBudget.Ledger;

/// <summary>How sessions are opened, and how children are sealed.</summary>
internal static class OpenRules
{
    public static SessionAnswer Open(Turn turn, OpenCommand command)
    {
        var head = turn.Head;
        if (head.IsTombstone)
            return turn.Refuse(RefusalReason.SessionEnded);
        if (head.IsOpened)
            return OpenAgain(turn);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Opened,
                Amount = command.Options.Budget,
                Options = command.Options,
                Origin = command.Origin is null ? null : command.Origin with { AcceptedNumber = 1 },
            }
        );
    }

    /// <summary>The parent asks a child to authorise nothing more. One that was never opened is sealed before it can be.</summary>
    public static SessionAnswer Seal(Turn turn, SealCommand command)
    {
        var head = turn.Head;
        if (head.IsTombstone)
            return turn.Unchanged();
        if (!head.IsOpened)
            return SessionAnswer.Of(turn.WriteUnasked(new Entry { Kind = EntryKind.Tombstoned, End = EndReason.Stopped }));
        // The id may belong to a session of somebody else: its open was refused, and it is none of the parent's business.
        if (head.Origin?.ParentId != command.ParentId || head.Origin.CarveId != command.CarveId)
            return turn.Refuse(RefusalReason.ChildUnknown);
        ExpiryRules.Expire(turn);
        if (turn.Head.End != EndReason.None || !command.EvenIfOpen)
            return turn.Unchanged();
        return ExpiryRules.End(turn, EndReason.Stopped, asked: false);
    }

    private static SessionAnswer OpenAgain(Turn turn) =>
        turn.BodyHash == turn.Head.OpenedBodyHash
            ? turn.Unchanged() with
            {
                EntrySequence = 1,
                Amount = turn.Head.Options!.Budget,
            }
            : turn.Refuse(RefusalReason.AlreadyOpen);
}
