namespace AgentBudget.Client.Sessions;

/// <summary>
/// Runs what the program gave apart from the operation that asks it: money that was moved, the result of a call and the reason of a refusal
/// must not be lost because the program's own code throws or does not come back.
/// </summary>
internal sealed class UserCode(TimeProvider time)
{
    /// <summary>How long an operation waits for it. Long, because a process that is short of threads is slow as well.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="TimeoutException">It has not come back; it may go on, and what it says then counts for nothing.</exception>
    public async Task<T> AskAsync<T>(Func<T> question, string name)
    {
        var asked = Task.Run(question);
        try
        {
            return await asked.WaitAsync(Patience, time);
        }
        catch (TimeoutException) when (!asked.IsCompleted)
        {
            throw new TimeoutException($"{name} did not come back within {Patience}.");
        }
    }
}
