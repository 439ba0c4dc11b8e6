namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The rates of a request as whole numbers, for the arithmetic of nearly every call: nano-dollars per million tokens, and nano-dollars
/// each. Rates have nine decimals at most, so nothing is lost, and the result is that of decimals at a tenth of the time.
/// </summary>
internal readonly struct WholeNumberRates
{
    private const long TokensPerRate = 1_000_000;

    private readonly long[] perMillion;
    private readonly long[] each;
    private readonly long mostTokens;
    private readonly long mostEach;

    public WholeNumberRates(EffectiveRates rates)
    {
        var all = RateDimensions.All.Select(row => (long)(rates[row.Dimension] * Money.NanoDollarsPerDollar)).ToArray();
        perMillion = all[..RateDimensions.PerMillionCount];
        each = all[RateDimensions.PerMillionCount..];
        // Bounds under which no sum can overflow.
        mostTokens = long.MaxValue / RateDimensions.PerMillionCount / Math.Max(1, perMillion.Max());
        mostEach = Money.MaxAmount.NanoDollars / Math.Max(1, each.Max());
    }

    /// <summary>The cost in nano-dollars, rounded up, or -1 for a call that is too large for this arithmetic.</summary>
    /// <param name="parts">The parts of a usage without a problem.</param>
    public long NanoDollars(in UsageParts parts)
    {
        var millionths = 0L;
        var perMillion = parts.PerMillion;
        for (var i = 0; i < this.perMillion.Length; i++)
        {
            if (perMillion[i] > mostTokens)
                return -1;
            millionths += perMillion[i] * this.perMillion[i];
        }

        // Fees are whole nano-dollars, so rounding the tokens alone up is rounding the sum up.
        var nanoDollars = (millionths + TokensPerRate - 1) / TokensPerRate;
        var each = parts.Each;
        for (var i = 0; i < this.each.Length; i++)
        {
            if (each[i] > mostEach)
                return -1;
            nanoDollars += each[i] * this.each[i];
        }

        return nanoDollars;
    }
}
