namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The rates of one request after inheritance: every token dimension has one. Inheritance is done once, when the table is loaded, so
/// that no code path of a call can find a hole and take it for zero.
/// </summary>
internal sealed class EffectiveRates
{
    private readonly WholeNumberRates _wholeNumbers;

    private EffectiveRates(ReadOnlySpan<Rates> mostSpecificFirst)
    {
        Input = TokenRate(RateDimension.Input, mostSpecificFirst);
        Output = TokenRate(RateDimension.Output, mostSpecificFirst);
        CacheRead = TokenRate(RateDimension.CacheRead, mostSpecificFirst);
        CacheWrite = TokenRate(RateDimension.CacheWrite, mostSpecificFirst);
        CacheWriteOneHour = TokenRate(RateDimension.CacheWriteOneHour, mostSpecificFirst);
        Reasoning = TokenRate(RateDimension.Reasoning, mostSpecificFirst);
        InputAudio = TokenRate(RateDimension.InputAudio, mostSpecificFirst);
        OutputAudio = TokenRate(RateDimension.OutputAudio, mostSpecificFirst);
        InputImage = TokenRate(RateDimension.InputImage, mostSpecificFirst);
        OutputImage = TokenRate(RateDimension.OutputImage, mostSpecificFirst);
        Request = Stated(RateDimension.Request, mostSpecificFirst) ?? 0m;
        WebSearch = Stated(RateDimension.WebSearch, mostSpecificFirst);
        RerankSearch = Stated(RateDimension.RerankSearch, mostSpecificFirst);
        HasDearerImages = InputImage > Input || OutputImage > Output;
        _wholeNumbers = new WholeNumberRates(this);
    }

    /// <summary>The same rates for whole-number arithmetic.</summary>
    public ref readonly WholeNumberRates WholeNumbers => ref _wholeNumbers;

    /// <summary>Whether an image token costs more than a text token, in or out.</summary>
    public bool HasDearerImages { get; }

    public decimal Input { get; }

    public decimal Output { get; }

    public decimal CacheRead { get; }

    public decimal CacheWrite { get; }

    public decimal CacheWriteOneHour { get; }

    public decimal Reasoning { get; }

    public decimal InputAudio { get; }

    public decimal OutputAudio { get; }

    public decimal InputImage { get; }

    public decimal OutputImage { get; }

    public decimal Request { get; }

    public decimal? WebSearch { get; }

    public decimal? RerankSearch { get; }

    /// <summary>Makes the rates from what was stated, the most specific statement first; a later one fills what an earlier one leaves out.</summary>
    public static EffectiveRates From(params ReadOnlySpan<Rates> mostSpecificFirst) => new(mostSpecificFirst);

    private static decimal TokenRate(RateDimension dimension, ReadOnlySpan<Rates> mostSpecificFirst) =>
        Stated(dimension, mostSpecificFirst) ?? TokenRate(ParentOf(dimension), mostSpecificFirst);

    private static decimal? Stated(RateDimension dimension, ReadOnlySpan<Rates> mostSpecificFirst)
    {
        foreach (var rates in mostSpecificFirst)
        {
            if (rates[dimension] is { } usd) return usd;
        }

        return null;
    }

    // The reader refuses a row without input or output, so these two are never asked for a parent.
    private static RateDimension ParentOf(RateDimension dimension) => dimension switch
    {
        RateDimension.CacheWriteOneHour => RateDimension.CacheWrite,
        RateDimension.CacheRead or RateDimension.CacheWrite or RateDimension.InputAudio or RateDimension.InputImage => RateDimension.Input,
        RateDimension.Reasoning or RateDimension.OutputAudio or RateDimension.OutputImage => RateDimension.Output,
        _ => throw new InvalidOperationException($"The row states no rate for {dimension}, which has no parent."),
    };
}
