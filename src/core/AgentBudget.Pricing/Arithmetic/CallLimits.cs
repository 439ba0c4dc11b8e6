namespace AgentBudget.Pricing.Arithmetic;

/// <summary>What a call can use at most.</summary>
/// <param name="InputTokens">Prompt tokens.</param>
/// <param name="MaxOutputTokens">Completion tokens; null takes what the row knows.</param>
/// <param name="Beside">What else, and how much of the tokens may be audio.</param>
internal readonly record struct CallLimits(long InputTokens, long? MaxOutputTokens, TokenUsage Beside);
