namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The rates of one request after inheritance: every token dimension has one. Inheritance is done once, when the table is loaded, so
/// that no code path of a call can find a hole and take it for zero.
/// </summary>
internal sealed class EffectiveRates
{
    private const long None = -1;
    private const byte Decimals = 9;

    // Rates have nine decimals at most, so whole nano-dollars hold them at a third of the memory; a table has thousands of these.
    private readonly long[] nanoUsd;
    private readonly WholeNumberRates wholeNumbers;

    private EffectiveRates(ReadOnlySpan<Rates> mostSpecificFirst)
    {
        nanoUsd = new long[RateDimensions.Count];
        foreach (var row in RateDimensions.All)
            nanoUsd[(int)row.Dimension] = RateOf(row, mostSpecificFirst) is { } usd ? (long)(usd * Money.NanoDollarsPerDollar) : None;
        // The request itself is free where no fee is stated.
        nanoUsd[(int)RateDimension.Request] = Math.Max(0, nanoUsd[(int)RateDimension.Request]);
        HasDearerImages =
            this[RateDimension.InputImage] > this[RateDimension.Input] || this[RateDimension.OutputImage] > this[RateDimension.Output];
        wholeNumbers = new WholeNumberRates(nanoUsd);
    }

    /// <summary>The same rates for whole-number arithmetic.</summary>
    public ref readonly WholeNumberRates WholeNumbers => ref wholeNumbers;

    /// <summary>Whether an image token costs more than a text token, in or out.</summary>
    public bool HasDearerImages { get; }

    /// <summary>The rate; 0 for something that has none.</summary>
    public decimal this[RateDimension dimension]
    {
        get
        {
            var rate = Math.Max(0, nanoUsd[(int)dimension]);
            return new decimal((int)rate, (int)(rate >> 32), 0, isNegative: false, Decimals);
        }
    }

    /// <summary>Whether the parts can be paid for: something that was counted and has no rate cannot.</summary>
    public bool CanPrice(in UsageParts parts)
    {
        for (var i = 0; i < RateDimensions.Count; i++)
        {
            if (nanoUsd[i] == None && parts[(RateDimension)i] > 0)
                return false;
        }

        return true;
    }

    /// <summary>Makes the rates from what was stated, the most specific statement first; a later one fills what an earlier one leaves
    /// out.</summary>
    public static EffectiveRates From(params ReadOnlySpan<Rates> mostSpecificFirst) => new(mostSpecificFirst);

    // The reader refuses a row that states one of input and output, so that every token dimension ends at a stated rate, or none has any.
    private static decimal? RateOf(RateDimensionRow row, ReadOnlySpan<Rates> mostSpecificFirst)
    {
        foreach (var rates in mostSpecificFirst)
        {
            if (rates[row.Dimension] is { } usd)
                return usd;
        }

        if (row.Parent is not { } parent)
            return null;
        var inherited = RateOf(RateDimensions.Of(parent), mostSpecificFirst);
        return row.InProportionTo is { } kind ? InProportion(inherited, kind, mostSpecificFirst) : inherited;
    }

    // Rounded up, and never above what it costs uncached where nothing says what the whole costs.
    private static decimal? InProportion(decimal? inherited, RateDimension kind, ReadOnlySpan<Rates> mostSpecificFirst)
    {
        var ofKind = RateOf(RateDimensions.Of(kind), mostSpecificFirst);
        var ofText = RateOf(RateDimensions.Of(RateDimension.Input), mostSpecificFirst);
        if (ofKind is null || ofText is null || inherited is null || ofKind == ofText)
            return inherited;
        return ofText == 0m
            ? Math.Max(ofKind.Value, inherited.Value)
            : decimal.Ceiling(inherited.Value * ofKind.Value / ofText.Value * Money.NanoDollarsPerDollar) / Money.NanoDollarsPerDollar;
    }
}
