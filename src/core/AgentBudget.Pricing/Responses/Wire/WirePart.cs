namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>A part of a call that is counted apart.</summary>
/// <param name="Model">The model; empty for the answering one.</param>
/// <param name="Usage">What it used.</param>
/// <param name="IsInTotal">Whether the totals hold it where the model is the answering one.</param>
internal readonly record struct WirePart(string Model, TokenUsage Usage, bool IsInTotal);
