namespace AgentBudget.Pricing.Arithmetic;

/// <summary>From rates and the parts of a usage to dollars in decimals, exact and not yet rounded: for calls with a factor, and for huge ones.</summary>
internal static class CallArithmetic
{
    private const decimal DollarsPerMillionthDollar = 0.000001m;

    /// <summary>The cost in dollars of tokens only.</summary>
    public static decimal TokenDollars(EffectiveRates rates, in UsageParts parts) => DollarsPerMillionthDollar * (
        Cost(parts.Text, rates.Input) + Cost(parts.CacheRead, rates.CacheRead) + Cost(parts.CacheWrite, rates.CacheWrite)
        + Cost(parts.CacheWriteOneHour, rates.CacheWriteOneHour) + Cost(parts.InputAudio, rates.InputAudio)
        + Cost(parts.Answer, rates.Output) + Cost(parts.Reasoning, rates.Reasoning) + Cost(parts.OutputAudio, rates.OutputAudio)
        + Cost(parts.InputImage, rates.InputImage) + Cost(parts.OutputImage, rates.OutputImage));

    /// <summary>The cost in dollars of what is not tokens; searches without a rate are to be refused before.</summary>
    public static decimal OtherDollars(EffectiveRates rates, in UsageParts parts) =>
        rates.Request + Cost(parts.WebSearches, rates.WebSearch ?? 0) + Cost(parts.RerankSearches, rates.RerankSearch ?? 0);

    // Most parts of most calls are zero, and a decimal multiplication is not free.
    private static decimal Cost(long count, decimal usd) => count == 0 ? 0m : count * usd;
}
