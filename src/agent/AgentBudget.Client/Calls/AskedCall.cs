namespace AgentBudget.Client.Calls;

/// <summary>What is asked for a call: the most that it can cost, the least that would do, and the call as it is recorded.</summary>
internal readonly record struct AskedCall(Money Amount, Money? Least, Call Call);
