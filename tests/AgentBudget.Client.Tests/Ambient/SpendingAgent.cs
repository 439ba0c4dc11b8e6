namespace AgentBudget.Client.Tests.Ambient;

/// <summary>An agent that lives in a grain.</summary>
public interface ISpendingAgent : IGrainWithIntegerKey
{
    /// <summary>Spends a cent on the current session, and says which that is.</summary>
    Task<string?> SpendAsync();

    /// <summary>Has another grain do so.</summary>
    Task<string?> SpendByAnotherAsync();
}

internal sealed class SpendingAgent : Grain, ISpendingAgent
{
    public async Task<string?> SpendAsync()
    {
        if (BudgetSession.Current is not { } session)
            return null;
        await session.RunToolAsync("think", 0.01m, _ => Task.FromResult(1));
        return session.Child is null ? session.Id : $"{session.Id}/{session.Child}";
    }

    public Task<string?> SpendByAnotherAsync() => GrainFactory.GetGrain<ISpendingAgent>(this.GetPrimaryKeyLong() + 1).SpendAsync();
}
