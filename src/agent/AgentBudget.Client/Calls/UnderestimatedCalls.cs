namespace AgentBudget;

/// <summary>Calls of one model or tool that cost far more than was estimated for them, again and again: the budget is spent beyond what is
/// set aside, and the limit is met too late.</summary>
/// <param name="Name">The model or tool.</param>
/// <param name="Calls">How many calls cost at least twice their estimate.</param>
/// <param name="Estimated">What was estimated for those at most, in all.</param>
/// <param name="Cost">What they cost, in all.</param>
public sealed record UnderestimatedCalls(string Name, int Calls, Money Estimated, Money Cost);
