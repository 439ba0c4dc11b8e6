namespace AgentBudget;

/// <summary>Why <see cref="BudgetSession.StoppedToken"/> fired.</summary>
public enum StopReason
{
    /// <summary>It has not.</summary>
    None = 0,

    /// <summary>The budget is exhausted.</summary>
    BudgetExhausted = 1,

    /// <summary>A loop tripped the breaker.</summary>
    LoopDetected = 2,

    /// <summary>A tenant above the session has no money left.</summary>
    TenantExhausted = 3,

    /// <summary>An operator, or the parent session, paused it.</summary>
    Paused = 4,

    /// <summary>Its owner closed it.</summary>
    Closed = 5,

    /// <summary>An operator, or the end of the parent session, stopped it.</summary>
    Stopped = 6,

    /// <summary>Its time to live or idle time-out passed.</summary>
    Expired = 7,

    /// <summary>This object was disposed.</summary>
    Disposed = 8,

    /// <summary>The session cannot be watched any more, or was on its way again when it was asked why it had stopped.</summary>
    Unknown = 9,
}
