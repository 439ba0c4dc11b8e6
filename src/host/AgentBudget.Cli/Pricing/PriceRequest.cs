namespace AgentBudget.Cli.Pricing;

/// <summary>One call to be priced.</summary>
/// <param name="Provider">The provider; null finds it by the model's name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="At">The time of the call; null is now.</param>
/// <param name="Terms">Service tier, region and speed.</param>
/// <param name="Usage">What the call used.</param>
internal sealed record PriceRequest(string? Provider, string Model, DateTimeOffset? At, CallTerms Terms, TokenUsage Usage);

/// <summary>A line that asks for nothing that could be priced. The message says what is wrong and what would be right.</summary>
internal sealed class BadRequestException(string message) : Exception(message);
