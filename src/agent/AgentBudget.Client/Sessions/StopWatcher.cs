using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Cancels a token when the session stops, or when calls under way are to be cut. It learns from the answers that pass by and, once
/// somebody has asked for the token, from the session itself, which holds a question until there is something to say. Watching ends when
/// the token has fired, and when nobody holds the watcher or its token any more: so a session that is dropped and never disposed leaves
/// nothing behind.
/// </summary>
internal sealed class StopWatcher : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly IBudgetSession grain;
    private readonly TimeProvider time;
    private readonly bool isOfCuts;
    private readonly StopSignal signal;
    private readonly CancellationToken token;
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private Task? watching;

    /// <param name="grain">The session.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of handlers that fail.</param>
    /// <param name="isOfCuts">Whether only what cuts calls under way counts: a pause or an end, and no breaker.</param>
    public StopWatcher(IBudgetSession grain, TimeProvider time, ILogger logger, bool isOfCuts = false)
    {
        (this.grain, this.time, this.isOfCuts) = (grain, time, isOfCuts);
        signal = new StopSignal(logger);
        token = signal.Token;
    }

    public CancellationToken Token
    {
        get
        {
            lock (gate)
            {
                if (watching is null && !token.IsCancellationRequested)
                    watching = StartWatching(new WeakReference<StopSignal>(signal), grain, isOfCuts, time, over.Task);
            }

            return token;
        }
    }

    /// <summary>Why the token fired.</summary>
    public StopReason Reason => signal.Reason;

    /// <summary>Ends when the session is not watched any more; at once when nobody has asked for the token.</summary>
    internal Task Watching => watching ?? Task.CompletedTask;

    public void See(Standing standing)
    {
        // Observing stops nobody; only the session knows whether it observes, so an open breaker is left to the watch.
        if (standing.IsEnded)
            Stop(ReasonOf(standing, isOfCuts));
    }

    /// <summary>Fires the token and stops watching.</summary>
    public void Stop(StopReason reason)
    {
        signal.Fire(reason);
        over.TrySetResult();
    }

    /// <summary>Stops watching. An agent that nobody watches must not go on, so the token fires.</summary>
    public void Dispose() => Stop(StopReason.Disposed);

    /// <summary>Why a session with this standing has stopped.</summary>
    public static StopReason ReasonOf(Standing standing, bool isOfCuts) =>
        standing switch
        {
            { End: EndReason.Closed } => StopReason.Closed,
            { End: EndReason.Stopped } => StopReason.Stopped,
            { End: EndReason.Expired } => StopReason.Expired,
            { Breaker.State: BreakerState.Paused } => StopReason.Paused,
            _ when isOfCuts => StopReason.Unknown,
            { Breaker.OpenReason: OpenReason.BudgetExhausted } => StopReason.BudgetExhausted,
            { Breaker.OpenReason: OpenReason.LoopDetected } => StopReason.LoopDetected,
            { Breaker.OpenReason: OpenReason.TenantExhausted } => StopReason.TenantExhausted,
            _ => StopReason.Unknown,
        };

    // Static, and with a weak hold of the signal: the watch must not be what keeps it alive.
    private static Task StartWatching(WeakReference<StopSignal> signal, IBudgetSession grain, bool isOfCuts, TimeProvider time, Task over)
    {
        // Nor must what flows with whoever asked: his current session would be held by its own watch.
        using (ExecutionContext.SuppressFlow())
            return Task.Run(() => WatchAsync(signal, grain, isOfCuts, time, over));
    }

    private static async Task WatchAsync(
        WeakReference<StopSignal> signal,
        IBudgetSession grain,
        bool isOfCuts,
        TimeProvider time,
        Task over
    )
    {
        while (!over.IsCompleted && signal.TryGetTarget(out _))
        {
            try
            {
                var asked = isOfCuts ? grain.WaitForCutAsync(Wait) : grain.WaitForStopAsync(Wait);
                await Task.WhenAny(asked, over);
                if (over.IsCompleted)
                {
                    asked.Ignore();
                    return;
                }

                if (!await asked)
                    continue;
                Fire(signal, await AskWhyAsync(grain, isOfCuts));
                return;
            }
            catch (Exception exception)
                when (exception is BudgetUnavailableException or TimeoutException or OrleansException or OperationCanceledException)
            {
                await Task.WhenAny(Task.Delay(AfterFailure, time, CancellationToken.None), over);
            }
            catch (Exception)
            {
                // The silo is gone for good, or something nobody foresaw: an agent that nobody watches must not go on.
                Fire(signal, StopReason.Unknown);
                return;
            }
        }
    }

    // That it has stopped is known, and is said even where nobody can say why.
    private static async Task<StopReason> AskWhyAsync(IBudgetSession grain, bool isOfCuts)
    {
        try
        {
            return ReasonOf(await grain.StandingAsync(), isOfCuts);
        }
        catch (Exception)
        {
            return StopReason.Unknown;
        }
    }

    private static void Fire(WeakReference<StopSignal> signal, StopReason reason)
    {
        if (signal.TryGetTarget(out var alive))
            alive.Fire(reason);
    }
}
