using System.Runtime.CompilerServices;

namespace AgentBudget.Client.Calls;

/// <summary>What a session adds to its calls: the label of the agent, and the news that the user spoke.</summary>
internal sealed class CallLabels
{
    private readonly string? agent;

    // Shared by the agents of one session: the user speaks to all of them, and one call says so.
    private readonly StrongBox<int> hasUserSpoken;

    public CallLabels()
        : this(agent: null, new StrongBox<int>()) { }

    private CallLabels(string? agent, StrongBox<int> hasUserSpoken) => (this.agent, this.hasUserSpoken) = (agent, hasUserSpoken);

    public string? Agent => agent;

    /// <summary>Those of another agent of the same session.</summary>
    public CallLabels Of(string label) => new(label, hasUserSpoken);

    public void UserSpoke() => Volatile.Write(ref hasUserSpoken.Value, 1);

    /// <summary>The call with the agent's label, unless it has one of its own.</summary>
    public Call Labelled(Call call) => agent is null || call.Agent is not null ? call : call with { Agent = agent };

    /// <summary>The call with the news of the user's message, where there is one: it goes with one call.</summary>
    public Call TakeUserMark(Call call) => Interlocked.Exchange(ref hasUserSpoken.Value, 0) == 0 ? call : call with { AfterUser = true };

    /// <summary>The call was not taken: the next one carries its news.</summary>
    public void NotTaken(Call marked)
    {
        if (marked.AfterUser)
            UserSpoke();
    }
}
