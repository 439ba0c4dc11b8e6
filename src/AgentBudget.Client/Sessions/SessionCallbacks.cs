using AgentBudget.Ledger;

namespace AgentBudget.Client;

/// <summary>
/// What to call when this client's own operations meet a limit. Called after the operation is durable, with the session's report, in
/// the flow of the operation. An exception in a callback is the program's own and is not caught.
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

    internal void Warn(SessionAnswer answer)
    {
        if (answer.Signals.HasFlag(EntrySignals.LoopWarning) && answer.Loop is { } loop) OnLoopWarning?.Invoke(loop);
    }

    internal bool Wants(SessionAnswer answer) => Pick(answer).Any(callback => callback is not null);

    internal void Call(SessionAnswer answer, SessionReport report)
    {
        foreach (var callback in Pick(answer)) callback?.Invoke(report);
    }

    private IEnumerable<Action<SessionReport>?> Pick(SessionAnswer answer)
    {
        // A replay is news as well: its key is this client's own, and the first answer was lost on the way.
        if (answer.Signals.HasFlag(EntrySignals.SoftLimit)) yield return OnSoftLimit;
        if (answer.Signals.HasFlag(EntrySignals.HardLimit)) yield return OnHardLimit;
        var isLoop = answer.Signals.HasFlag(EntrySignals.BreakerOpened) && answer.Standing.Breaker.OpenReason == OpenReason.LoopDetected;
        if (isLoop) yield return OnLoop;
    }
}
