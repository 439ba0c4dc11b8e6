namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The rates of a request as whole numbers, for the arithmetic of nearly every call: nano-dollars per million tokens, and nano-dollars
/// each. Rates have nine decimals at most, so nothing is lost, and the result is that of decimals at a tenth of the time.
/// </summary>
internal readonly struct WholeNumberRates
{
    private const long TokensPerRate = 1_000_000;

    private readonly long[] nanoUsd;
    private readonly long mostTokens;
    private readonly long mostEach;

    /// <param name="nanoUsd">By dimension; what has no rate is negative, and is never priced with these.</param>
    public WholeNumberRates(long[] nanoUsd)
    {
        this.nanoUsd = nanoUsd;
        // Bounds under which no sum can overflow.
        mostTokens = long.MaxValue / RateDimensions.PerMillionCount / Math.Max(1, nanoUsd[..RateDimensions.PerMillionCount].Max());
        mostEach = Money.MaxAmount.NanoDollars / Math.Max(1, nanoUsd[RateDimensions.PerMillionCount..].Max());
    }

    /// <summary>The cost in nano-dollars, rounded up, or -1 for a call that is too large for this arithmetic.</summary>
    /// <param name="parts">The parts of a usage without a problem.</param>
    public long NanoDollars(in UsageParts parts)
    {
        var millionths = 0L;
        var perMillion = parts.PerMillion;
        var rates = nanoUsd.AsSpan(0, perMillion.Length);
        for (var i = 0; i < perMillion.Length; i++)
        {
            if (perMillion[i] > mostTokens)
                return -1;
            millionths += perMillion[i] * rates[i];
        }

        // Fees are whole nano-dollars, so rounding the tokens alone up is rounding the sum up.
        var nanoDollars = (millionths + TokensPerRate - 1) / TokensPerRate;
        var each = parts.Each;
        var fees = nanoUsd.AsSpan(perMillion.Length);
        for (var i = 0; i < each.Length; i++)
        {
            if (each[i] > mostEach)
                return -1;
            nanoDollars += each[i] * fees[i];
        }

        return nanoDollars;
    }
}
