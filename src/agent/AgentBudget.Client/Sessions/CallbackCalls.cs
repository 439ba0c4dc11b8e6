using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Calls callbacks. What they are told of is recorded and stands, so nothing that they do changes it: one that throws is logged, and one
/// that does not come back is left alone until it has.
/// </summary>
internal sealed class CallbackCalls(TimeProvider time, ILogger logger)
{
    // One for each callback that is known to hang: it is not begun again until it has come back.
    private readonly ConcurrentDictionary<string, Task> hanging = new(StringComparer.Ordinal);

    /// <summary>Calls one, if there is one, and waits for it a while.</summary>
    public async Task CallAsync<T>(Action<T>? callback, T news, string name)
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
}
