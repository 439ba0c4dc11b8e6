namespace AgentBudget.Client.Calls;

/// <summary>What a call cost, and the call as its entry is to record it.</summary>
internal readonly record struct PricedCost(Money Cost, Call Call);
