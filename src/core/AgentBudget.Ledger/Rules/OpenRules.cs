namespace AgentBudget.Ledger;

/// <summary>How sessions are opened.</summary>
internal static class OpenRules
{
    /// <summary>How long what a tenant granted to a session that is to be opened may take to arrive: far less than until a session that has
    /// ended is purged.</summary>
    private static readonly TimeSpan AdmissionHolds = TimeSpan.FromSeconds(30);

    public static SessionAnswer Open(Turn turn, OpenCommand command)
    {
        var head = turn.Head;
        if (head.IsOpened)
            return OpenAgain(turn);
        if (SessionIds.TenantOf(head.SessionId) is not null)
            return turn.LookUps.Admission is { } admission ? OpenAdmitted(turn, admission) : turn.Refuse(RefusalReason.InsufficientNow);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Opened,
                Amount = command.Options.Budget,
                Options = command.Options,
            }
        );
    }

    // What was granted is there now; the row that it stands in may be closed one day, and an answer that comes after that must bring nothing.
    private static SessionAnswer OpenAdmitted(Turn turn, Invitation admission)
    {
        if ((turn.Time - admission.Time).Duration() > AdmissionHolds)
            return turn.Refuse(RefusalReason.InsufficientNow, ReserveRules.RetryAfter);
        var answer = turn.Answer(
            new Entry
            {
                Kind = EntryKind.Opened,
                Amount = admission.Options.Budget,
                Options = admission.Options,
                Link = new ParentLink
                {
                    ParentId = admission.ParentId,
                    ParentLife = admission.ParentLife,
                    RowNumber = admission.RowNumber,
                    Policy = admission.Policy,
                    Granted = admission.Granted,
                    HoldNumber = admission.HoldNumber,
                },
            }
        );
        turn.State.IsParentHeard = true;
        return answer;
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
