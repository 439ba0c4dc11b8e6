namespace AgentBudget.Pricing.Arithmetic;

/// <summary>From rates and the parts of a usage to dollars in decimals, exact and not yet rounded: for calls with a factor, and for huge
/// ones.</summary>
internal static class CallArithmetic
{
    private const decimal DollarsPerMillionthDollar = 0.000001m;

    /// <summary>The cost in dollars of tokens only.</summary>
    public static decimal TokenDollars(EffectiveRates rates, in UsageParts parts) =>
        DollarsPerMillionthDollar * Sum(rates, parts, isPerMillion: true);

    /// <summary>The cost in dollars of what is not tokens; what has no rate is to be refused before.</summary>
    public static decimal OtherDollars(EffectiveRates rates, in UsageParts parts) => Sum(rates, parts, isPerMillion: false);

    private static decimal Sum(EffectiveRates rates, in UsageParts parts, bool isPerMillion)
    {
        var sum = 0m;
        foreach (var row in RateDimensions.All)
        {
            // Most parts of most calls are zero, and a decimal multiplication is not free.
            if (row.IsPerMillion == isPerMillion && parts[row.Dimension] is var count and not 0)
                sum += count * rates[row.Dimension];
        }

        return sum;
    }
}
