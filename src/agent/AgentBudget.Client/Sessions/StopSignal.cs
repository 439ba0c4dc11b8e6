using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// The source of a session's <see cref="BudgetSession.StoppedToken"/>. It fires once, from whoever comes first, and is disposed as soon
/// as it has; its token stays good, because a token that has fired needs no source.
/// </summary>
internal sealed class StopSignal(ILogger logger) : CancellationTokenSource
{
    private int reason;

    /// <summary>Why it fired; none as long as it has not.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref reason);

    /// <summary>Fires the token. What is registered with it runs elsewhere, so it can neither hold up nor fail the operation that saw the
    /// stop.</summary>
    public void Fire(StopReason why)
    {
        if (Interlocked.CompareExchange(ref reason, (int)why, (int)StopReason.None) == (int)StopReason.None)
            _ = FireOnceAsync();
    }

    private async Task FireOnceAsync()
    {
        try
        {
            await CancelAsync();
        }
        catch (Exception exception)
        {
            ClientLog.StopHandlerFailed(logger, exception);
        }

        Dispose();
    }
}
