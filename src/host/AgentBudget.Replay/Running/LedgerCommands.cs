namespace AgentBudget.Replay.Running;

/// <summary>Sends a command until its outcome is known, a few times, always with the same key.</summary>
internal static class LedgerCommands
{
    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <exception cref="BudgetUnavailableException">The outcome stays unknown.</exception>
    public static async Task<SessionAnswer> SendAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken
    )
        where TCommand : SessionCommand
    {
        // Only the first time is the key known to be new, and needs no look-up.
        var attempted = command with
        {
            IsKeyFresh = true,
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send(attempted);
            }
            catch (Exception exception) when (exception is BudgetUnavailableException or TimeoutException)
            {
                if (attempt == Attempts && exception is BudgetUnavailableException)
                    throw;
                if (attempt == Attempts)
                    throw new BudgetUnavailableException("The ledger did not answer in time; the disk may be too slow.", exception);
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            attempted = command with { IsKeyFresh = false };
        }
    }
}
