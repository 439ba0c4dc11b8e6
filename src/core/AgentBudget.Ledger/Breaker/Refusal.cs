namespace AgentBudget;

/// <summary>Why an operation was refused. A refusal is a normal answer and leaves the money as it was.</summary>
public enum RefusalReason : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>It would fit if open reservations came back; try again later.</summary>
    InsufficientNow = 1,

    /// <summary>It would not fit even then.</summary>
    BudgetExhausted = 2,

    /// <summary>It is more than the whole budget.</summary>
    TooLarge = 3,

    /// <summary>The same call came too often.</summary>
    LoopDetected = 4,

    /// <summary>The tenant above has no money left.</summary>
    TenantExhausted = 5,

    /// <summary>The session is paused.</summary>
    Paused = 6,

    /// <summary>The session, or the child named, has ended.</summary>
    SessionEnded = 7,

    /// <summary>No session of this id was ever opened, or it was purged.</summary>
    SessionUnknown = 8,

    /// <summary>The session is open already, with other options.</summary>
    AlreadyOpen = 9,

    /// <summary>The idempotency key stands for another body.</summary>
    KeyConflict = 10,

    /// <summary>No reservation of this number was ever granted.</summary>
    ReservationUnknown = 11,

    /// <summary>The reservation is not open any more.</summary>
    ReservationNotOpen = 12,

    /// <summary>As many reservations are open as a session may hold; settle or release some first.</summary>
    TooManyReservations = 13,

    /// <summary>As many children are open as a session may hold; close some first.</summary>
    TooManyChildren = 14,

    /// <summary>No child of this name is open in the session.</summary>
    ChildUnknown = 15,

    /// <summary>A budget below what is settled and reserved.</summary>
    BudgetTooLow = 16,

    /// <summary>The entry to correct does not exist, or moved no money.</summary>
    NotCorrectable = 17,

    /// <summary>A correction that takes back more than the entry moved.</summary>
    CorrectionTooLarge = 18,

    /// <summary>There is nothing to resume, or no money to resume with.</summary>
    NothingToResume = 19,

    /// <summary>Sums of this session would leave the range of money.</summary>
    OutOfRange = 20,

    /// <summary>The operation is not for a child whose money was carved from a parent; use the parent.</summary>
    NotForCarvedChild = 21,

    /// <summary>The parent could not give the money.</summary>
    ParentRefused = 22,

    /// <summary>Too much of it in too short a time; it may be made later.</summary>
    Throttled = 23,

    /// <summary>The call came without an amount, and the silo's prices have none for it.</summary>
    UnknownModel = 24,

    /// <summary>The child names another tenant than its parent.</summary>
    OtherTenant = 25,

    /// <summary>The tenant was never set, and this server takes sessions of tenants that are set alone; or nothing is known of it at all,
    /// so that there is nothing to resume or to raise.</summary>
    TenantUnknown = 26,

    /// <summary>As many sessions are open as the tenant may have; close some first.</summary>
    TooManySessions = 27,

    /// <summary>The operation is not for a tenant; ask a session.</summary>
    NotForTenant = 28,

    /// <summary>The tenant has no limit of this kind that could be raised; set one.</summary>
    NoLimit = 29,

    /// <summary>The session is to be opened without a budget, and its tenant has no default for it; a carved child always needs
    /// one.</summary>
    NoBudget = 30,

    /// <summary>As many calls wait for money as a session may have; try again later.</summary>
    TooManyWaiting = 31,

    /// <summary>The tenant's settings have been changed since they were read; read them again.</summary>
    SettingsChanged = 32,
}

/// <summary>A refusal: why, and what the caller can do.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Available">The money that an ordinary reservation could have now.</param>
/// <param name="RetryAfter">When it is worth asking again; null when waiting does not help.</param>
/// <param name="Loop">The evidence, when a loop was the reason and was found by this very call.</param>
/// <param name="Tenant">The tenant that refused, with what it has left; null where the session itself did.</param>
[GenerateSerializer, Immutable, Alias("agentbudget.refusal")]
public sealed record Refusal(
    RefusalReason Reason,
    Money Available,
    TimeSpan? RetryAfter = null,
    LoopEvidence? Loop = null,
    TenantRefusal? Tenant = null
);

/// <summary>Which tenant refused, and what is left there.</summary>
/// <param name="Path">The tenant.</param>
/// <param name="Available">What it could still grant, in dollars.</param>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-refusal")]
public sealed record TenantRefusal(TenantPath Path, Money Available);
