using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Tells calls under way that they are to be cut, for the session is paused or has ended. Once it has told, a call that is granted later
/// begins a new watch: the session goes on again.
/// </summary>
internal sealed class CutWatch(IBudgetSession grain, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock gate = new();
    private StopWatcher? current;

    /// <summary>The watch for a call that has been granted.</summary>
    public StopWatcher OfNewCall()
    {
        lock (gate)
        {
            if (current is null or { Reason: not StopReason.None })
                current = new StopWatcher(grain, time, logger, isOfCuts: true);
            return current;
        }
    }

    /// <summary>Nobody watches the session any more.</summary>
    public void Dispose() => Stop(StopReason.Disposed);

    /// <summary>The session has ended, or nobody watches it any more.</summary>
    public void Stop(StopReason reason)
    {
        StopWatcher? stopped;
        lock (gate)
            stopped = current;
        stopped?.Stop(reason);
    }
}
