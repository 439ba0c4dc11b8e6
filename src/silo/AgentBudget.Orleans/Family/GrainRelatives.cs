using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Family;

/// <summary>The other sessions, as grains. Waits for none of them once the activation that asks begins to end.</summary>
internal sealed class GrainRelatives(IGrainFactory grains, ActivationEnd end) : IRelatives
{
    public Task<T> AskAsync<T>(string sessionId, Func<ISessionFamily, Task<T>> question) =>
        end.UnlessBegunAsync(question(grains.GetGrain<ISessionFamily>(sessionId)));

    public Task<SessionAnswer> ChargeAsync(string sessionId, ChargeCommand command) =>
        end.UnlessBegunAsync(grains.GetGrain<IBudgetSession>(sessionId).ChargeAsync(command));
}
