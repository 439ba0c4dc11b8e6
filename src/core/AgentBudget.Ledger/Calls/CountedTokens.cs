namespace AgentBudget.Ledger;

/// <summary>The tokens of a call, or of a category, that has any.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.counted-tokens")]
internal sealed record CountedTokens(TokenUsage Usage)
{
    /// <summary>Both together; null for none.</summary>
    public static CountedTokens? Sum(CountedTokens? left, CountedTokens? right) =>
        left is null ? right
        : right is null ? left
        : new CountedTokens(left.Usage + right.Usage);
}
