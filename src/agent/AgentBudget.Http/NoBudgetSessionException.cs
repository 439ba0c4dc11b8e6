using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>A call to a model was about to be made that no session pays for, and <see cref="AgentBudgetHttpOptions.RequireSession"/> is
/// set. It was not made.</summary>
public sealed class NoBudgetSessionException : AgentBudgetException, ICallNotMade
{
    internal NoBudgetSessionException(string message)
        : base(message) { }
}
