namespace AgentBudget;

/// <summary>The base of all that goes wrong with a budget.</summary>
[GenerateSerializer, Alias("agentbudget.exception")]
public class AgentBudgetException : Exception
{
    /// <summary>Makes one.</summary>
    public AgentBudgetException() { }

    /// <summary>Makes one that says what is the matter.</summary>
    public AgentBudgetException(string message)
        : base(message) { }

    /// <summary>Makes one that says what is the matter, with the cause.</summary>
    public AgentBudgetException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>The session's report at that moment, where there is one.</summary>
    [Id(0)]
    public SessionReport? Report { get; init; }
}
