using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>A call to a model could not be read, so that nobody can say what it may cost. It was not made.</summary>
public sealed class UnreadableRequestException : AgentBudgetException, ICallNotMade
{
    internal UnreadableRequestException(string message)
        : base(message) { }
}
