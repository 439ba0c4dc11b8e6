namespace AgentBudget.Client.Sessions;

/// <summary>Waits for the money of one call, as long as the options say: in the session's line, in pieces. Its place is kept
/// already.</summary>
internal sealed class MoneyWait(ClientServices services, SessionLink link, long until)
{
    /// <summary>A piece is answered within the time-out of the call; one that was given up by its caller keeps no place for long.</summary>
    public static readonly TimeSpan LongestPiece = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ShortestPiece = TimeSpan.FromMilliseconds(250);

    /// <summary>How long may still be waited.</summary>
    public TimeSpan Left =>
        services.Time.GetElapsedTime(services.Time.GetTimestamp(), until) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <exception cref="BudgetUnavailableException">The outcome stays unknown.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<SessionAnswer> WaitAsync(ReserveCommand command, CancellationToken cancellationToken)
    {
        command = command with { IsKeyFresh = false };
        // The answer is waited for all the same: money may have been granted just before.
        await using var givenUp = cancellationToken.Register(() => link.StopWaiting(command.Key!));
        while (true)
        {
            var asked = services.Time.GetTimestamp();
            var waited = await link.WaitAsync(command, until, isAgain: true, cancellationToken);
            link.See(waited.Answer);
            if (waited.Answer.IsGranted)
                return waited.Answer;
            cancellationToken.ThrowIfCancellationRequested();
            if (!waited.IsWaiting)
                return waited.Answer;
            if (Left == TimeSpan.Zero)
            {
                // Money that came free now would be set aside for nobody.
                link.StopWaiting(command.Key!);
                return waited.Answer;
            }

            // A silo that stops answers at once, until the session is served elsewhere.
            if (services.Time.GetElapsedTime(asked) < ShortestPiece && Left > ShortestPiece)
                await Task.Delay(ShortestPiece, services.Time, cancellationToken);
        }
    }
}
