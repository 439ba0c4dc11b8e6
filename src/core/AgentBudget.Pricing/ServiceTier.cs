namespace AgentBudget;

/// <summary>
/// Rates for one way of being served: <c>batch</c>, <c>flex</c>, <c>priority</c>, <c>fast</c>. A rate that the service tier does not
/// state is the row's own.
/// </summary>
/// <param name="Name">The provider's name for it, in lower case.</param>
/// <param name="Rates">The rates that differ.</param>
/// <param name="ContextTiers">
/// Context tiers of this service tier, by rising threshold. Where they are silent about a long prompt, the row's context
/// tier holds.
/// </param>
public sealed record ServiceTier(string Name, Rates Rates, IReadOnlyList<ContextTier> ContextTiers);
