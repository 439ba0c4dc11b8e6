namespace AgentBudget;

/// <summary>
/// What to call when this client's own operations meet a limit. Called after the operation is durable, with the session's report, on a
/// thread of the pool; the operation waits for it up to 30 seconds. An exception in a callback is logged as an error and changes nothing:
/// the call is made, its result comes back, a refusal is thrown as it is, and the other callbacks are called. One that does not come back
/// is logged and not called again until it has. To stop a call or an agent from a callback, cancel the token that it runs with; a call
/// whose token is cancelled by <see cref="OnLoopWarning"/> is not made. A callback is left out, with a warning in the
/// log, when the ledger cannot be reached any more for the report.
/// </summary>
public sealed record SessionCallbacks
{
    /// <summary>A soft limit was crossed.</summary>
    public Action<SessionReport>? OnSoftLimit { get; init; }

    /// <summary>The hard limit was met.</summary>
    public Action<SessionReport>? OnHardLimit { get; init; }

    /// <summary>A loop tripped the breaker.</summary>
    public Action<SessionReport>? OnLoop { get; init; }

    /// <summary>
    /// A call looks like the beginning of a loop; it is made all the same. <see cref="LoopEvidence.Advice"/> is a line for the model.
    /// </summary>
    public Action<LoopEvidence>? OnLoopWarning { get; init; }

    /// <summary>Calls of a model or tool cost at least twice their estimate, for the third time; once for each. The log says it,
    /// too.</summary>
    public Action<UnderestimatedCalls>? OnUnderestimated { get; init; }
}
