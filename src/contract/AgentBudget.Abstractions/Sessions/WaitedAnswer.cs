namespace AgentBudget;

/// <summary>The answer to a reservation that may wait for its money.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.waited-answer")]
public sealed record WaitedAnswer
{
    /// <summary>What was granted, or why not.</summary>
    [Id(0)]
    public required SessionAnswer Answer { get; init; }

    /// <summary>Whether the time was up and the call keeps its place in the line: ask again within five seconds, with the same
    /// key.</summary>
    [Id(1)]
    public bool IsWaiting { get; init; }

    /// <summary>Whether the place that it had was lost, because the session moved or its silo ended, so that it waited anew.</summary>
    [Id(2)]
    public bool HasLostPlace { get; init; }
}
