using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>Calls the callbacks of one session.</summary>
internal sealed class CallbackRunner(SessionCallbacks callbacks, TimeProvider time, ILogger logger)
{
    private readonly CallbackCalls calls = new(time, logger);

    private const EntrySignals News =
        EntrySignals.SoftLimit | EntrySignals.HardLimit | EntrySignals.BreakerOpened | EntrySignals.LoopWarning;

    /// <summary>Whether an answer can be news for anybody; nearly none is.</summary>
    public static bool IsNews(SessionAnswer answer) => (answer.Signals & News) != 0;

    public bool Wants(SessionAnswer answer) => Pick(answer).Any(picked => picked.Callback is not null);

    public Task WarnAsync(SessionAnswer answer) =>
        answer.Signals.HasFlag(EntrySignals.LoopWarning) && answer.Loop is { } loop
            ? calls.CallAsync(callbacks.OnLoopWarning, loop, nameof(callbacks.OnLoopWarning))
            : Task.CompletedTask;

    public Task UnderestimatedAsync(UnderestimatedCalls underestimated) =>
        calls.CallAsync(callbacks.OnUnderestimated, underestimated, nameof(callbacks.OnUnderestimated));

    public async Task CallAsync(SessionAnswer answer, SessionReport report)
    {
        foreach (var (callback, name) in Pick(answer))
            await calls.CallAsync(callback, report, name);
    }

    private IEnumerable<(Action<SessionReport>? Callback, string Name)> Pick(SessionAnswer answer)
    {
        // A replay is news as well: its key is this client's own, and the first answer was lost on the way.
        if (answer.Signals.HasFlag(EntrySignals.SoftLimit))
            yield return (callbacks.OnSoftLimit, nameof(callbacks.OnSoftLimit));
        if (answer.Signals.HasFlag(EntrySignals.HardLimit))
            yield return (callbacks.OnHardLimit, nameof(callbacks.OnHardLimit));
        var isLoop = answer.Signals.HasFlag(EntrySignals.BreakerOpened) && answer.Standing.Breaker.OpenReason == OpenReason.LoopDetected;
        if (isLoop)
            yield return (callbacks.OnLoop, nameof(callbacks.OnLoop));
    }
}
