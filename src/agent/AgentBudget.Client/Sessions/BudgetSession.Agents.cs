namespace AgentBudget;

// Whose calls these are, and what starts the count of a loop anew.
public sealed partial class BudgetSession
{
    /// <summary>The label of the agent whose calls these are; null for none. See <see cref="ForAgent"/>.</summary>
    public string? Agent => labels.Agent;

    // Whether it is the session of somebody else, under a label.
    private bool IsOfAgent { get; init; }

    /// <summary>The same session for one of several agents: its calls carry the label, and agents do not share streaks in loop
    /// detection. They share <see cref="StoppedToken"/> and what <see cref="UserSpoke"/> says; disposing one does nothing.</summary>
    /// <param name="label">The agent's label: up to 128 characters.</param>
    public BudgetSession ForAgent(string label)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        return new BudgetSession(services, link, unknownModels, labels.Of(label), underWay) { IsOfAgent = true };
    }

    /// <summary>
    /// Says that a message of the user came: the next call, of whichever agent of this session, carries the news, and
    /// what the agents did until then counts towards no loop.
    /// </summary>
    public void UserSpoke() => labels.UserSpoke();
}
