using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>The session refused an operation. Nothing was spent by it; the report says where the session stands.</summary>
public class RefusedException : AgentBudgetException
{
    internal RefusedException(string message, Refusal refusal, SessionReport? report)
        : base(message)
    {
        Refusal = refusal;
        Report = report;
    }

    /// <summary>Why, how much money there is, and when it is worth asking again.</summary>
    public Refusal Refusal { get; }

    /// <summary>Whether it is about a cost that was recorded, and refuses nothing.</summary>
    internal bool IsRecorded { get; private set; }

    internal static RefusedException For(string sessionId, Refusal refusal, SessionReport? report, RefusedMoney money = default)
    {
        var refused = Kind(sessionId, refusal, report, money);
        refused.IsRecorded = money.IsRecorded;
        return refused;
    }

    private static RefusedException Kind(string sessionId, Refusal refusal, SessionReport? report, RefusedMoney money) =>
        refusal.Reason switch
        {
            RefusalReason.InsufficientNow => new InsufficientNowException(sessionId, refusal, report, money),
            RefusalReason.BudgetExhausted => new BudgetExhaustedException(sessionId, refusal, report, money),
            RefusalReason.TooLarge => new CallTooLargeException(sessionId, refusal, report, money),
            RefusalReason.TenantExhausted => new TenantExhaustedException(sessionId, refusal, report, money),
            RefusalReason.LoopDetected or RefusalReason.Throttled => new LoopDetectedException(sessionId, refusal, report),
            RefusalReason.Paused or RefusalReason.SessionEnded => new SessionStoppedException(sessionId, refusal, report),
            _ => new RefusedException(Describe(sessionId, refusal), refusal, report),
        };

    private static string Describe(string sessionId, Refusal refusal) =>
        refusal.Reason switch
        {
            RefusalReason.SessionUnknown => $"The session {sessionId} was never opened, or was purged; open it first.",
            RefusalReason.AlreadyOpen =>
                $"The session {sessionId} exists with other options, or the name is taken; open it with the same options, or take "
                    + "another id.",
            RefusalReason.KeyConflict =>
                $"The idempotency key was used in session {sessionId} for something else; take a new key for a new intent.",
            RefusalReason.ReservationUnknown => $"Session {sessionId} never granted that reservation; check its id.",
            RefusalReason.ReservationNotOpen => $"The reservation in session {sessionId} has been settled or given back already.",
            RefusalReason.TooManyReservations =>
                $"Session {sessionId} holds {Bounds.OpenReservations} open reservations; settle or release some first.",
            RefusalReason.TooManyWaiting =>
                $"{Bounds.CallsInLine} calls wait for money of session {sessionId} already; try again later, or raise its budget.",
            RefusalReason.TooManyChildren => $"Session {sessionId} holds {Bounds.OpenChildren} open children; close some first.",
            RefusalReason.ChildUnknown => $"Session {sessionId} has no such open child; open it first.",
            RefusalReason.BudgetTooLow => $"The budget of session {sessionId} cannot go below what is settled and reserved.",
            RefusalReason.NotCorrectable => $"That entry of session {sessionId} does not exist or moved no money; name one that did.",
            RefusalReason.CorrectionTooLarge => $"The correction takes back more than is left of that entry of session {sessionId}.",
            RefusalReason.NothingToResume => $"Session {sessionId} is not paused, or has no money to go on with; raise its budget.",
            RefusalReason.OutOfRange => $"The sums of session {sessionId} would leave the range of money.",
            RefusalReason.NotForCarvedChild => $"Session {sessionId} has its money from a parent; use the parent for this.",
            RefusalReason.UnknownModel =>
                $"The ledger has no price for the call of session {sessionId}; name the amount, or give the silo a price for the model.",
            RefusalReason.OtherTenant =>
                $"Session {sessionId} names another tenant than its parent; leave the tenant out, or name the parent's.",
            RefusalReason.TenantUnknown => $"The tenant that {sessionId} names was never set; check the name, or set its limits first.",
            RefusalReason.SettingsChanged =>
                $"The settings of the tenant {sessionId} have been changed since they were read; read them again.",
            RefusalReason.TooManySessions => $"The tenant of session {sessionId} has as many open as it may have; close some first.",
            RefusalReason.NotForTenant => $"{sessionId} is a tenant, which has no calls of its own; ask one of its sessions.",
            RefusalReason.NoLimit => $"The tenant {sessionId} has no limit of this kind to raise; set one.",
            RefusalReason.NoBudget =>
                $"The session {sessionId} is to be opened without a budget, and its tenant has no default; give one, or set the default.",
            RefusalReason.ParentRefused => $"The parent of session {sessionId} could not give the money.",
            _ => $"Session {sessionId} refused: {Words.Of(refusal.Reason)}.",
        };
}
