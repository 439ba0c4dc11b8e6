using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Calls the callbacks of one session. What they are told of is recorded and stands, so nothing that they do changes it: one that throws is
/// logged, and one that does not come back is left alone until it has.
/// </summary>
internal sealed class CallbackRunner(SessionCallbacks callbacks, TimeProvider time, ILogger logger)
{
    // One for each callback that is known to hang: it is not begun again until it has come back.
    private readonly ConcurrentDictionary<string, Task> hanging = new(StringComparer.Ordinal);

    private const EntrySignals News =
        EntrySignals.SoftLimit | EntrySignals.HardLimit | EntrySignals.BreakerOpened | EntrySignals.LoopWarning;

    /// <summary>Whether an answer can be news for anybody; nearly none is.</summary>
    public static bool IsNews(SessionAnswer answer) => (answer.Signals & News) != 0;

    public bool Wants(SessionAnswer answer) => Pick(answer).Any(picked => picked.Callback is not null);

    public Task WarnAsync(SessionAnswer answer) =>
        answer.Signals.HasFlag(EntrySignals.LoopWarning) && answer.Loop is { } loop
            ? CallAsync(callbacks.OnLoopWarning, loop, nameof(callbacks.OnLoopWarning))
            : Task.CompletedTask;

    public Task UnderestimatedAsync(UnderestimatedCalls calls) =>
        CallAsync(callbacks.OnUnderestimated, calls, nameof(callbacks.OnUnderestimated));

    public async Task CallAsync(SessionAnswer answer, SessionReport report)
    {
        foreach (var (callback, name) in Pick(answer))
            await CallAsync(callback, report, name);
    }

    private async Task CallAsync<T>(Action<T>? callback, T news, string name)
    {
        if (callback is null)
            return;
        if (hanging.ContainsKey(name))
        {
            ClientLog.CallbackHangs(logger, name);
            return;
        }

        var call = Task.Run(() => callback(news));
        try
        {
            await call.WaitAsync(UserCode.Patience, time);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            ClientLog.CallbackHangs(logger, name);
            if (hanging.TryAdd(name, call))
                _ = ForgetAsync(name, call);
        }
        catch (Exception exception)
        {
            ClientLog.CallbackFailed(logger, exception, name);
        }
    }

    private async Task ForgetAsync(string name, Task call)
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        hanging.TryRemove(name, out _);
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
