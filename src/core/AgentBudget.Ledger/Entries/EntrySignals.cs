namespace AgentBudget;

/// <summary>What an entry caused, or how it came about.</summary>
[Flags]
public enum EntrySignals : byte
{
    /// <summary>Nothing of note.</summary>
    None = 0,

    /// <summary>At least one soft limit was crossed.</summary>
    SoftLimit = 1,

    /// <summary>The hard limit was met for the first time since it was armed.</summary>
    HardLimit = 2,

    /// <summary>The breaker opened.</summary>
    BreakerOpened = 4,

    /// <summary>The breaker closed.</summary>
    BreakerClosed = 8,

    /// <summary>The cost came after its reservation, or after the session, had ended.</summary>
    Late = 16,

    /// <summary>The call was marked final.</summary>
    Final = 32,

    /// <summary>The call looks like the beginning of a loop.</summary>
    LoopWarning = 64,

    /// <summary>The same call was under way when it was reserved; the two count once in the sense of loops.</summary>
    Concurrent = 128,
}
