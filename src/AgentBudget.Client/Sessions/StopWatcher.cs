using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;

namespace AgentBudget.Client;

/// <summary>
/// Cancels a token when the session stops. It learns from the answers that pass by and, once somebody has asked for the token, from the
/// session itself, which holds a question until there is something to say.
/// </summary>
internal sealed class StopWatcher(IBudgetSession grain, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopped = new();
    private readonly CancellationTokenSource disposed = new();
    private readonly Lock gate = new();
    private Task? watching;

    public CancellationToken Token
    {
        get
        {
            lock (gate) watching ??= Task.Run(WatchAsync);
            return stopped.Token;
        }
    }

    public void See(Standing standing)
    {
        // Observing stops nobody; only the session knows whether it observes, so an open breaker is left to the watch.
        if (standing.IsEnded) Stop();
    }

    /// <summary>Fires the token.</summary>
    public void Stop()
    {
        if (!stopped.IsCancellationRequested) stopped.Cancel();
    }

    public void Dispose() => disposed.Cancel();

    private async Task WatchAsync()
    {
        while (!disposed.IsCancellationRequested && !stopped.IsCancellationRequested)
        {
            try
            {
                if (await grain.WaitForStopAsync(Wait).WaitAsync(disposed.Token)) await stopped.CancelAsync();
            }
            catch (OperationCanceledException) when (disposed.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is BudgetUnavailableException or TimeoutException or OrleansException or OperationCanceledException)
            {
                await Task.Delay(AfterFailure, time, disposed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // The silo is gone for good, or something nobody foresaw: an agent that nobody watches must not go on.
                await stopped.CancelAsync();
            }
        }
    }
}
