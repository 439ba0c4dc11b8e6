using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>A call to a model was about to be made that no session pays for, where that is refused. It was not made.</summary>
public sealed class NoBudgetSessionException : AgentBudgetException, ICallNotMade
{
    internal NoBudgetSessionException(string message)
        : base(message) { }
}
