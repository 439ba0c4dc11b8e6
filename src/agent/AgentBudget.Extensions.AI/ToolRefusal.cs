using System.Text.Json.Serialization;

namespace AgentBudget;

/// <summary>What a model, or a program, gets in place of a tool's result when the session refused the call. The tool was not run.</summary>
public sealed record ToolRefusal
{
    /// <summary>Why, in the words of refusals: <c>budget_exhausted</c>, <c>loop_detected</c>, <c>paused</c> …</summary>
    [JsonPropertyName("refused")]
    public required string Reason { get; init; }

    /// <summary>The tool.</summary>
    [JsonPropertyName("tool")]
    public required string Tool { get; init; }

    /// <summary>What happened and what would help, in sentences.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>What the session could still spend, as a decimal string of dollars.</summary>
    [JsonPropertyName("available")]
    public required string Available { get; init; }
}
