using AgentBudget.Client;
using Microsoft.Extensions.Logging;

namespace AgentBudget;

/// <summary>
/// What to call when this client's own operations meet a limit. Called after the operation is durable, with the session's report, in
/// the flow of the operation, which waits for it. An exception in a callback is logged as an error and changes nothing: the call is made,
/// its result comes back, a refusal is thrown as it is, and the other callbacks are called. To stop a call or an agent from a callback,
/// cancel the token that it runs with; a call whose token is cancelled by <see cref="OnLoopWarning"/> is not made. A callback
/// is left out, with a warning in the log, when the ledger cannot be reached any more for the report.
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

    internal void Warn(SessionAnswer answer, ILogger logger)
    {
        if (answer.Signals.HasFlag(EntrySignals.LoopWarning) && answer.Loop is { } loop)
            Call(OnLoopWarning, loop, nameof(OnLoopWarning), logger);
    }

    internal bool Wants(SessionAnswer answer) => Pick(answer).Any(picked => picked.Callback is not null);

    internal void Call(SessionAnswer answer, SessionReport report, ILogger logger)
    {
        foreach (var (callback, name) in Pick(answer))
            Call(callback, report, name, logger);
    }

    // The money is spent or refused already; what the program's own code makes of the news must not lose that.
    private static void Call<T>(Action<T>? callback, T news, string name, ILogger logger)
    {
        try
        {
            callback?.Invoke(news);
        }
        catch (Exception exception)
        {
            ClientLog.CallbackFailed(logger, exception, name);
        }
    }

    private IEnumerable<(Action<SessionReport>? Callback, string Name)> Pick(SessionAnswer answer)
    {
        // A replay is news as well: its key is this client's own, and the first answer was lost on the way.
        if (answer.Signals.HasFlag(EntrySignals.SoftLimit))
            yield return (OnSoftLimit, nameof(OnSoftLimit));
        if (answer.Signals.HasFlag(EntrySignals.HardLimit))
            yield return (OnHardLimit, nameof(OnHardLimit));
        var isLoop = answer.Signals.HasFlag(EntrySignals.BreakerOpened) && answer.Standing.Breaker.OpenReason == OpenReason.LoopDetected;
        if (isLoop)
            yield return (OnLoop, nameof(OnLoop));
    }
}
