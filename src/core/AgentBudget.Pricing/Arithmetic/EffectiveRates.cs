namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The rates of one request after inheritance: every token dimension has one. Inheritance is done once, when the table is loaded, so
/// that no code path of a call can find a hole and take it for zero.
/// </summary>
internal sealed class EffectiveRates
{
    private readonly decimal?[] usd;
    private readonly WholeNumberRates wholeNumbers;

    private EffectiveRates(ReadOnlySpan<Rates> mostSpecificFirst)
    {
        usd = new decimal?[RateDimensions.Count];
        foreach (var row in RateDimensions.All)
            usd[(int)row.Dimension] = RateOf(row, mostSpecificFirst);
        HasDearerImages =
            this[RateDimension.InputImage] > this[RateDimension.Input] || this[RateDimension.OutputImage] > this[RateDimension.Output];
        wholeNumbers = new WholeNumberRates(this);
    }

    /// <summary>The same rates for whole-number arithmetic.</summary>
    public ref readonly WholeNumberRates WholeNumbers => ref wholeNumbers;

    /// <summary>Whether an image token costs more than a text token, in or out.</summary>
    public bool HasDearerImages { get; }

    /// <summary>The rate; 0 for something that is charged each and has none.</summary>
    public decimal this[RateDimension dimension] => usd[(int)dimension] ?? 0m;

    /// <summary>Whether the parts can be paid for: something that was counted and has no rate cannot.</summary>
    public bool CanPrice(in UsageParts parts)
    {
        for (var i = 0; i < RateDimensions.Count; i++)
        {
            // The request itself is free where no fee is stated.
            if (parts[(RateDimension)i] > 0 && usd[i] is null && i != (int)RateDimension.Request)
                return false;
        }

        return true;
    }

    /// <summary>Makes the rates from what was stated, the most specific statement first; a later one fills what an earlier one leaves
    /// out.</summary>
    public static EffectiveRates From(params ReadOnlySpan<Rates> mostSpecificFirst) => new(mostSpecificFirst);

    // The reader refuses a row without input or output, so every token dimension ends at a stated rate.
    private static decimal? RateOf(RateDimensionRow row, ReadOnlySpan<Rates> mostSpecificFirst)
    {
        foreach (var rates in mostSpecificFirst)
        {
            if (rates[row.Dimension] is { } usd)
                return usd;
        }

        return row.Parent is { } parent ? RateOf(RateDimensions.Of(parent), mostSpecificFirst) : null;
    }
}
