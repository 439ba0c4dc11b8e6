using System.Text.Json.Serialization;

namespace AgentBudget.Mcp;

/// <summary>What a call can cost at most, as a decimal string of US dollars, and whether a reservation of that would be granted now, by
/// the session's own limits: its state, its hard limit, and what is kept back for the last answer. A tenant above may have less.</summary>
internal sealed record CostEstimate(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("cost_at_most")] string Cost,
    [property: JsonPropertyName("fits")] bool Fits
);
