using System.Text.Json.Serialization;

namespace AgentBudget.Mcp;

/// <summary>What a call can cost at most, as a decimal string of US dollars, and whether it fits into what is left, of a session that
/// takes calls.</summary>
internal sealed record CostEstimate(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("cost_at_most")] string Cost,
    [property: JsonPropertyName("fits")] bool Fits
);
