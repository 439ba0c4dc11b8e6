namespace AgentBudget;

/// <summary>What one model used in a call, where a call is billed at more than one: an advisor, a declined attempt, a picture
/// tool.</summary>
/// <param name="Model">The model, as the response names it.</param>
/// <param name="Usage">What it used, inclusive.</param>
public sealed record BilledPart(string Model, TokenUsage Usage);
