namespace AgentBudget.Client.Sessions;

/// <summary>Sets money aside for one call, and waits for it as long as the options say: in the session's line, in pieces.</summary>
internal sealed class MoneyWait(ClientServices services, SessionLink link, TimeSpan atMost)
{
    // A piece is answered within the time-out of the call; one that was given up by its caller keeps no place for long.
    private static readonly TimeSpan LongestPiece = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ShortestPiece = TimeSpan.FromMilliseconds(250);

    private readonly long began = services.Time.GetTimestamp();

    /// <summary>How long may still be waited.</summary>
    public TimeSpan Left => atMost - services.Time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <exception cref="BudgetUnavailableException">The outcome stays unknown.</exception>
    public async Task<SessionAnswer> ReserveAsync(ReserveCommand command, CancellationToken cancellationToken)
    {
        try
        {
            if (Left == TimeSpan.Zero)
                return await link.SendUntoldAsync(command, link.Grain.ReserveAsync, cancellationToken);
            return await WaitAsync(
                command.Key is null ? command with { Key = services.Calls.NewKey(), IsKeyFresh = true } : command,
                cancellationToken
            );
        }
        catch (BudgetUnavailableException unavailable)
        {
            throw new BudgetUnavailableException($"{unavailable.Message} The call was not made.", unavailable);
        }
    }

    private async Task<SessionAnswer> WaitAsync(ReserveCommand command, CancellationToken cancellationToken)
    {
        var isAgain = false;
        // The answer is waited for all the same: money may have been granted just before.
        await using var givenUp = cancellationToken.Register(() => link.StopWaiting(command.Key!));
        while (true)
        {
            var asked = services.Time.GetTimestamp();
            var waited = await link.WaitAsync(command, () => Left < LongestPiece ? Left : LongestPiece, isAgain, cancellationToken);
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
            isAgain = true;
            command = command with { IsKeyFresh = false };
        }
    }
}
