namespace AgentBudget;

/// <summary>
/// The call was made, but what was to say its cost failed, gave a usage of zero, or did not come back: the inner exception says which. All
/// that was set aside counts as spent. The result is here, so that it is not lost.
/// </summary>
public sealed class UncostedCallException : AgentBudgetException
{
    internal UncostedCallException(object? result, Exception failure)
        : base($"The call was made, and all that was set aside for it counts as spent: {failure.Message}", failure) => Result = result;

    /// <summary>What the call returned.</summary>
    public object? Result { get; }
}
