using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger;

/// <summary>How sessions are opened.</summary>
internal static class OpenRules
{
    public static SessionAnswer Open(Turn turn, OpenCommand command)
    {
        var head = turn.Head;
        // An id that names no tenant has the one that was asked for it, if any was.
        var tenant =
            SessionIds.TenantOf(head.SessionId)
            ?? head.Options?.Tenant
            ?? (turn.LookUps.Admission is { } answered ? TenantLedgers.PathOf(answered.ParentId) : null);
        // First, and without where it stands: whether there is a session of another tenant's is nothing for whoever asks as this one.
        if (command.Options.Tenant is { } said && said != tenant)
            return new SessionAnswer { Refusal = new Refusal(RefusalReason.OtherTenant, Money.Zero) };
        if (head.IsOpened)
            return OpenAgain(turn);
        if (tenant is not null)
        {
            return turn.LookUps.Admission switch
            {
                Invitation admission => OpenAdmitted(turn, admission),
                ParentWord { Refused: { } reason } word => RefuseFor(turn, reason, word),
                _ => turn.Refuse(RefusalReason.InsufficientNow, ReserveRules.RetryAfter),
            };
        }

        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Opened,
                Amount = command.Options.Budget,
                Options = command.Options,
            }
        );
    }

    // What was granted is there now; the row that it stands in may be closed one day, and an answer that comes after that must bring
    // nothing.
    private static SessionAnswer OpenAdmitted(Turn turn, Invitation admission)
    {
        if (turn.Time - admission.AskedAt > TenantAdmission.AdmissionIsGood)
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
                    RowMark = admission.RowMark,
                    Policy = admission.Policy,
                    Granted = admission.Granted,
                    HoldNumber = admission.HoldNumber,
                },
            }
        );
        turn.State.IsParentHeard = true;
        return answer;
    }

    private static SessionAnswer RefuseFor(Turn turn, RefusalReason reason, ParentWord word)
    {
        var retryAfter = reason == RefusalReason.InsufficientNow ? ReserveRules.RetryAfter : (TimeSpan?)null;
        var answer = turn.Refuse(reason, retryAfter);
        return word.RefusedBy is { } path
            ? answer with
            {
                Refusal = answer.Refusal! with { Tenant = new TenantRefusal(path, word.AvailableThere) },
            }
            : answer;
    }

    private static SessionAnswer OpenAgain(Turn turn) =>
        turn.BodyHash == turn.Head.OpenedBodyHash
            ? turn.Unchanged() with
            {
                EntrySequence = 1,
                Amount = turn.Head.Options!.Budget,
                UnknownModels = turn.Head.Options.UnknownModels,
            }
            : turn.Refuse(RefusalReason.AlreadyOpen);
}
