namespace AgentBudget;

/// <summary>
/// The rates that a price file states, and only those: a dimension that the file leaves out is null here and inherits when a call is
/// priced. An explicit zero is a price. Units are those of <see cref="RateDimension"/>.
/// </summary>
public sealed class Rates
{
    private readonly decimal?[] usd;

    internal Rates(decimal?[] usd) => this.usd = usd;

    /// <summary>These rates with one stated, or stated otherwise.</summary>
    internal Rates With(RateDimension dimension, decimal? usd) => Select((other, stated) => other == dimension ? usd : stated);

    /// <summary>These rates, and where they state none those of another set.</summary>
    internal Rates Over(Rates lower) => Select((dimension, usd) => usd ?? lower[dimension]);

    internal Rates Select(Func<RateDimension, decimal?, decimal?> change)
    {
        var usd = new decimal?[RateDimensions.Count];
        for (var i = 0; i < usd.Length; i++)
            usd[i] = change((RateDimension)i, this.usd[i]);
        return new Rates(usd);
    }

    /// <summary>The stated rate in US dollars, zero or more, or null where the file states none.</summary>
    /// <param name="dimension">One of the named dimensions; anything else throws <see cref="IndexOutOfRangeException"/>.</param>
    public decimal? this[RateDimension dimension] => usd[(int)dimension];
}
