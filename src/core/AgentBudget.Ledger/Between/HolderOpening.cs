namespace AgentBudget.Ledger.Between;

/// <summary>How money is set aside for a holder that is to be opened: before anything is said to it.</summary>
internal static class HolderOpening
{
    public static SessionAnswer Open(Turn turn, OpenCarvedChildCommand command)
    {
        if (Refuse(turn, command) is { } refused)
            return refused;
        var refusal = RowRules.JudgeOut(turn, command.Options.Budget);
        if (refusal != RefusalReason.None && turn.Head.Options!.Mode != SessionMode.Observe)
            return turn.Refuse(refusal, refusal == RefusalReason.InsufficientNow ? ReserveRules.RetryAfter : null);
        var number = turn.Head.Sequence + 1;
        var row = new HolderRow
        {
            Number = number,
            HolderId = command.Child,
            OpenedAt = turn.Time,
            Granted = command.Options.Budget,
            Uncovered = RowRules.NotCovered(turn.Head, command.Options.Budget),
            Options = command.Options with { Tenant = turn.Head.Options!.Tenant },
            Intent = new Intent
            {
                Sequence = number,
                Kind = IntentKind.OpenChild,
                Key = command.Key,
                BodyHash = turn.BodyHash,
                Amount = command.Options.Budget,
                WouldRefuse = refusal,
            },
        };
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderOpened,
                Amount = row.Granted,
                Child = row.HolderId,
                Intent = row.Intent,
                WouldRefuse = refusal,
                Holder = new HolderChange { Row = row },
            }
        );
        return turn.Await(number);
    }

    private static SessionAnswer? Refuse(Turn turn, OpenCarvedChildCommand command)
    {
        var head = turn.Head;
        if (head.IsOver)
            return turn.Refuse(RefusalReason.SessionEnded);
        // Of nothing, it could never be told whether it has arrived.
        if (command.Options.Budget == Money.Zero)
            return turn.Refuse(RefusalReason.NoBudget);
        if (command.Options.Tenant is { } other && other != head.Options!.Tenant)
            return turn.Refuse(RefusalReason.OtherTenant);
        if (SessionIds.TenantOf(command.Child) != SessionIds.TenantOf(head.SessionId))
            return turn.Refuse(RefusalReason.OtherTenant);
        // Nobody is his own child.
        if (command.Child == head.SessionId || turn.State.Holders.Open.ContainsKey(command.Child))
            return turn.Refuse(RefusalReason.AlreadyOpen);
        if (ChildFold.Find(head, command.Child) is { Kind: ChildKind.Shared })
            return turn.Refuse(RefusalReason.AlreadyOpen);
        if (head.OpenHolders >= head.Options!.CarvedChildren)
            return turn.Refuse(RefusalReason.TooManyChildren);
        return null;
    }
}
