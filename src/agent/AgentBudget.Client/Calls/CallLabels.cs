namespace AgentBudget.Client.Calls;

/// <summary>What a session adds to its calls: the label of the agent, and the news that the user spoke.</summary>
internal sealed class CallLabels(string? agent)
{
    private int hasUserSpoken;

    public string? Agent => agent;

    public void UserSpoke() => Volatile.Write(ref hasUserSpoken, 1);

    /// <summary>The call with the agent's label, unless it has one of its own.</summary>
    public Call Labelled(Call call) => agent is null || call.Agent is not null ? call : call with { Agent = agent };

    /// <summary>Sends a call. The news of the user's message goes with one call; where that call was not taken, the next one carries
    /// it.</summary>
    public async Task<T> WithUserMarkAsync<T>(Call call, Func<Call, Task<T>> send)
    {
        if (Interlocked.Exchange(ref hasUserSpoken, 0) == 0)
            return await send(call);
        try
        {
            return await send(call with { AfterUser = true });
        }
        catch
        {
            UserSpoke();
            throw;
        }
    }
}
