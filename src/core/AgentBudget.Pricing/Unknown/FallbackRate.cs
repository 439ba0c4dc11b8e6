namespace AgentBudget;

/// <summary>What an unknown model costs by the policy <c>Fallback</c>: one rate for all input and one for all output, cached or
/// not.</summary>
/// <param name="InputUsdPerMillion">US dollars per million prompt tokens: 0 to 1,000,000.</param>
/// <param name="OutputUsdPerMillion">US dollars per million completion tokens: 0 to 1,000,000.</param>
public sealed record FallbackRate(decimal InputUsdPerMillion, decimal OutputUsdPerMillion)
{
    /// <summary>The largest rate.</summary>
    public const decimal MaxUsdPerMillion = 1_000_000m;
}
