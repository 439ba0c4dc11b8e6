using AgentBudget;
using Microsoft.Agents.AI;

namespace AgentFramework;

/// <summary>Has the budget's session travel with the agent's: its id stands in the state, which is kept wherever the agent's session is, so
/// that another process goes on with the same money.</summary>
internal static class BudgetInState
{
    /// <summary>The name under which the id of the budget's session stands in the state.</summary>
    public const string Key = "agentbudget.session";

    /// <summary>An agent each of whose sessions has a budget. Its chat client finds the money by itself:
    /// <c>.AsBuilder().UseAgentBudget()</c>.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="budgets">The client of the ledger.</param>
    /// <param name="dollars">The budget of a session that has none yet.</param>
    public static AIAgent WithBudgetInState(this AIAgent agent, AgentBudgetClient budgets, string dollars) =>
        agent
            .AsBuilder()
            .Use(
                async (messages, session, options, next, cancellationToken) =>
                {
                    using ((await SessionOfAsync(session, budgets, dollars, cancellationToken)).Enter())
                        await next(messages, session, options, cancellationToken);
                }
            )
            .Build();

    private static async Task<BudgetSession> SessionOfAsync(
        AgentSession? agent,
        AgentBudgetClient budgets,
        string dollars,
        CancellationToken cancellationToken
    )
    {
        if (agent is null)
            throw new InvalidOperationException("The agent was run without a session, which its budget stands in: create one.");
        if (agent.StateBag.TryGetValue<string>(Key, out var id) && id is not null)
            return budgets.Get(id);
        var opened = await budgets.OpenAsync(dollars, cancellationToken: cancellationToken);
        agent.StateBag.SetValue(Key, opened.Id);
        return opened;
    }
}
