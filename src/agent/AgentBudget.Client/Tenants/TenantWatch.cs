using AgentBudget.Client;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

/// <summary>
/// Calls <see cref="TenantCallbacks"/> for what happens to a tenant from now on, until it is disposed. What happens while the ledger cannot
/// be reached is told when it can be again, and in the same process nothing is told twice; what must not be missed over a restart is read
/// from the feed with a cursor that is kept (<see cref="AgentBudgetClient.Events"/>).
/// </summary>
public sealed class TenantWatch : IAsyncDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly ClientServices services;
    private readonly TenantCallbacks callbacks;
    private readonly CallbackCalls calls;
    private readonly EventReading reading;
    private readonly CancellationTokenSource ending = new();
    private readonly Task following;
    private int isDisposed;

    internal TenantWatch(ClientServices services, TenantCallbacks callbacks, EventReading reading)
    {
        (this.services, this.callbacks, this.reading) = (services, callbacks, reading);
        calls = new CallbackCalls(services.Time, services.Logger);
        following = Task.Run(FollowAsync, CancellationToken.None);
    }

    /// <summary>Calls nothing any more. A callback that runs is waited for up to 30 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
            await ending.CancelAsync();
        await following;
        ending.Dispose();
    }

    internal static EventFilter FilterOf(TenantPath path, TenantCallbacks callbacks)
    {
        var types = new List<string>();
        void Add(object? callback, string type)
        {
            if (callback is not null)
                types.Add(type);
        }

        Add(callbacks.OnSoftLimit, "tenant.soft_limit");
        Add(callbacks.OnExhausted, "tenant.exhausted");
        Add(callbacks.OnLimitSet, "tenant.limit_set");
        Add(callbacks.OnPaused, "tenant.paused");
        Add(callbacks.OnStopped, "tenant.stopped");
        Add(callbacks.OnResumed, "tenant.resumed");
        if (types.Count == 0)
            throw new ArgumentException("The callbacks are all null; set at least one, such as OnSoftLimit.");
        return new EventFilter { Tenant = path, Types = types };
    }

    private async Task FollowAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await foreach (var one in reading.FollowAsync(ending.Token))
                    await CallAsync(one);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (EventCursorException exception)
            {
                ClientLog.TenantEventsSkipped(services.Logger, exception);
                reading.MoveTo(exception.Next);
            }
            catch (Exception exception)
            {
                ClientLog.TenantEventsNotRead(services.Logger, exception);
                await WaitAsync();
            }
        }
    }

    private Task CallAsync(BudgetEvent one) =>
        one switch
        {
            TenantSoftLimitEvent soft => calls.CallAsync(callbacks.OnSoftLimit, soft, nameof(callbacks.OnSoftLimit)),
            TenantExhaustedEvent exhausted => calls.CallAsync(callbacks.OnExhausted, exhausted, nameof(callbacks.OnExhausted)),
            TenantLimitSetEvent set => calls.CallAsync(callbacks.OnLimitSet, set, nameof(callbacks.OnLimitSet)),
            TenantPausedEvent paused => calls.CallAsync(callbacks.OnPaused, paused, nameof(callbacks.OnPaused)),
            TenantStoppedEvent stopped => calls.CallAsync(callbacks.OnStopped, stopped, nameof(callbacks.OnStopped)),
            TenantResumedEvent resumed => calls.CallAsync(callbacks.OnResumed, resumed, nameof(callbacks.OnResumed)),
            _ => Task.CompletedTask,
        };

    private async Task WaitAsync()
    {
        try
        {
            await Task.Delay(TryAgain, services.Time, ending.Token);
        }
        catch (OperationCanceledException) { }
    }
}
