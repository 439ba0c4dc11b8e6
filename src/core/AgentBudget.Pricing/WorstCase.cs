namespace AgentBudget;

/// <summary>The dearest outcome of a call that has not been made yet, for a reservation.</summary>
/// <param name="Usage">The usage of that outcome; zero when there is no price.</param>
/// <param name="Price">What it costs, or why that cannot be said.</param>
public readonly record struct WorstCase(TokenUsage Usage, PricedCall Price);
