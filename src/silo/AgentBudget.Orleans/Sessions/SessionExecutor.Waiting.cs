namespace AgentBudget.Orleans.Sessions;

// Calls that wait for money.
internal sealed partial class SessionExecutor
{
    /// <summary>Sets money aside, at once or when it has come free.</summary>
    /// <exception cref="BudgetUnavailableException">Whether it was recorded is unknown, or it was not.</exception>
    public async Task<WaitedAnswer> ReserveAsync(ReserveCommand command, TimeSpan atMost, bool isAgain)
    {
        command.Validate();
        var session = await LoadedAsync();
        try
        {
            var answer = await Waiters.Queue.ReserveAsync(session, command, atMost, isAgain);
            // A loop that was found, or a budget that is used up, is a stop.
            Waiters.See(session);
            return answer;
        }
        catch (Exception exception) when (IsOfTheLedger(exception))
        {
            throw Failed(session, exception);
        }
    }

    /// <summary>Ends when a call begins to wait next.</summary>
    public Task WhenNextWaits => Waiters.Queue.Joined;

    /// <summary>A call that waits for money waits no more.</summary>
    public void StopWaiting(string key) => waiters?.Queue.Stop(current, key);

    /// <summary>A call that may wait has come, and is not answered before this is disposed of.</summary>
    public IDisposable Arrive(string key) => Waiters.Queue.Arrive(key);
}
