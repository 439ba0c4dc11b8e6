using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>The tool has no price: it is not in the registry of tool costs, and no price was given with the call. It was not run.</summary>
public sealed class UnpricedToolException : AgentBudgetException, ICallNotMade
{
    internal UnpricedToolException(string tool)
        : base(
            $"The tool \"{tool}\" has no price. List it among the tool costs, as free or with its price, or give the price with the call."
        ) => Tool = tool;

    /// <summary>The tool.</summary>
    public string Tool { get; }
}
