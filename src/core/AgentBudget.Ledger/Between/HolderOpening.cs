namespace AgentBudget.Ledger.Between;

/// <summary>How money is set aside for a holder that is to be opened: before anything is said to it.</summary>
internal static class HolderOpening
{
    public static SessionAnswer Open(Turn turn, OpenCarvedChildCommand command)
    {
        var head = turn.Head;
        if (head.IsOver)
            return turn.Refuse(RefusalReason.SessionEnded);
        var tenant = head.Options!.Tenant;
        if (command.Options.Tenant is { } other && other != tenant)
            return turn.Refuse(RefusalReason.OtherTenant);
        if (turn.State.Holders.Open.ContainsKey(command.Child) || ChildFold.Find(head, command.Child) is { Kind: ChildKind.Shared })
            return turn.Refuse(RefusalReason.AlreadyOpen);
        if (head.OpenHolders >= head.Options.CarvedChildren)
            return turn.Refuse(RefusalReason.TooManyChildren);
        var refusal = RowRules.JudgeOut(turn, command.Options.Budget);
        if (refusal != RefusalReason.None && head.Options.Mode != SessionMode.Observe)
            return turn.Refuse(refusal, refusal == RefusalReason.InsufficientNow ? ReserveRules.RetryAfter : null);
        var number = head.Sequence + 1;
        var row = new HolderRow
        {
            Number = number,
            HolderId = command.Child,
            OpenedAt = turn.Time,
            Granted = command.Options.Budget,
            Uncovered = RowRules.NotCovered(head, command.Options.Budget),
            Options = command.Options with { Tenant = tenant },
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
                WouldRefuse = refusal,
                Intent = row.Intent,
                Holder = new HolderChange { Row = row },
            }
        );
        return turn.Await(number);
    }
}
