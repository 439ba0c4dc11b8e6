namespace AgentBudget;

/// <summary>What an entry records. The numbers stand in stored timelines and never change.</summary>
public enum EntryKind : byte
{
    /// <summary>The session was opened.</summary>
    Opened = 1,

    /// <summary>Money was set aside for a call.</summary>
    Reserved = 2,

    /// <summary>A reservation was turned into spend.</summary>
    Settled = 3,

    /// <summary>A reservation was given back.</summary>
    Released = 4,

    /// <summary>A reservation went back by its own clock.</summary>
    Expired = 5,

    /// <summary>A reservation was prolonged.</summary>
    Extended = 6,

    /// <summary>A cost already incurred was recorded.</summary>
    Charged = 7,

    /// <summary>The budget was raised by an amount.</summary>
    ToppedUp = 8,

    /// <summary>The budget was set.</summary>
    BudgetSet = 9,

    /// <summary>An earlier entry was corrected.</summary>
    Corrected = 10,

    /// <summary>The session was paused.</summary>
    Paused = 11,

    /// <summary>The session was resumed.</summary>
    Resumed = 12,

    /// <summary>A refusal opened the breaker.</summary>
    BreakerOpened = 13,

    /// <summary>A refusal met the hard limit of a session that does not latch.</summary>
    HardLimitReached = 14,

    /// <summary>The session ended.</summary>
    Ended = 15,

    /// <summary>A shared child was opened.</summary>
    ChildOpened = 16,

    /// <summary>A shared child was closed.</summary>
    ChildClosed = 17,

    /// <summary>An operation that needs another ledger was taken up.</summary>
    Intended = 18,

    /// <summary>Such an operation was refused.</summary>
    IntentRefused = 19,

    /// <summary>Money was set aside for a holder that is to be registered.</summary>
    HolderOpened = 20,

    /// <summary>The holder has registered.</summary>
    HolderRegistered = 21,

    /// <summary>The holder was granted more.</summary>
    HolderGranted = 22,

    /// <summary>What the holder did in a range of its entries was booked.</summary>
    HolderReported = 23,

    /// <summary>A holder that never was, or is no more, gave its money back.</summary>
    HolderClosed = 24,

    /// <summary>
    /// The holder's totals were taken as it states them: a store was restored to an earlier moment, or the holder has spent although
    /// it never got money.
    /// </summary>
    HolderRestored = 25,

    /// <summary>What the parent granted has arrived.</summary>
    GrantTaken = 26,

    /// <summary>The parent has booked everything of this ledger, which has ended; or it is no more; or it is there again.</summary>
    ReportAcknowledged = 27,

    /// <summary>This ledger was found to be restored to an earlier moment.</summary>
    Restored = 28,
}
