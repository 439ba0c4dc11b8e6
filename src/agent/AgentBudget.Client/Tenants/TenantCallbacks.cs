namespace AgentBudget;

/// <summary>
/// What to call when something happens to a tenant, or to one below it, whoever did it, in whichever process. Called with the event, one
/// after the other in the order of each tenant's events, on a thread of the pool; nothing in the ledger waits for them. One that throws is
/// logged as an error and changes nothing; one that has not come back after 30 seconds is logged and not called again until it has.
/// </summary>
public sealed record TenantCallbacks
{
    /// <summary>What is settled and out has reached a soft limit.</summary>
    public Action<TenantSoftLimitEvent>? OnSoftLimit { get; init; }

    /// <summary>A call was refused that nothing which is out could have paid.</summary>
    public Action<TenantExhaustedEvent>? OnExhausted { get; init; }

    /// <summary>Limits or settings were set, or a limit was raised.</summary>
    public Action<TenantLimitSetEvent>? OnLimitSet { get; init; }

    /// <summary>It was paused.</summary>
    public Action<TenantPausedEvent>? OnPaused { get; init; }

    /// <summary>It was stopped: whoever has money of it ends.</summary>
    public Action<TenantStoppedEvent>? OnStopped { get; init; }

    /// <summary>It was resumed.</summary>
    public Action<TenantResumedEvent>? OnResumed { get; init; }
}
