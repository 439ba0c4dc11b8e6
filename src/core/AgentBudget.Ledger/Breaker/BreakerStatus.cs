namespace AgentBudget;

/// <summary>The state of a session's breaker.</summary>
public enum BreakerState : byte
{
    /// <summary>New money may be authorised.</summary>
    Closed = 0,

    /// <summary>Nothing new is authorised until an explicit transition.</summary>
    Open = 1,

    /// <summary>An operator, or the parent session, holds the session.</summary>
    Paused = 2,
}

/// <summary>Why a breaker is open.</summary>
public enum OpenReason : byte
{
    /// <summary>It is not open.</summary>
    None = 0,

    /// <summary>The budget cannot pay for what was asked, or more was spent than it holds.</summary>
    BudgetExhausted = 1,

    /// <summary>The same call came too often.</summary>
    LoopDetected = 2,

    /// <summary>The tenant above has no money left.</summary>
    TenantExhausted = 3,
}

/// <summary>Who holds a paused session. Each lets go for itself.</summary>
[Flags]
public enum PauseSources : byte
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>An operator.</summary>
    Operator = 1,

    /// <summary>The parent session.</summary>
    Parent = 2,
}

/// <summary>Breaker and pause of a session. Both are kept: letting go of a pause brings back what was beneath it.</summary>
/// <param name="OpenReason">Why the breaker is open, or none.</param>
/// <param name="PausedBy">Who holds the session, or nobody.</param>
[GenerateSerializer, Alias("agentbudget.breaker")]
public readonly record struct BreakerStatus(OpenReason OpenReason, PauseSources PausedBy)
{
    /// <summary>Paused hides open, open hides closed.</summary>
    public BreakerState State =>
        PausedBy != PauseSources.None ? BreakerState.Paused
        : OpenReason != OpenReason.None ? BreakerState.Open
        : BreakerState.Closed;
}
