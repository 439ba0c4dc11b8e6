namespace AgentBudget.Pricing.Arithmetic;

/// <summary>The dearest that a call can have used, at given rates.</summary>
internal static class DearestUsage
{
    private static readonly UsageDimension[] NotTokens =
    [
        .. RateDimensions
            .All.Where(row => row.Unit != RateUnit.PerMillionTokens && row.Charges is not null)
            .Select(row => row.Charges!.Value),
    ];

    /// <summary>Text and images in the dearest way, audio as far as there can be any, and all that is beside the tokens.</summary>
    /// <param name="rates">The rates.</param>
    /// <param name="inputTokens">Prompt tokens.</param>
    /// <param name="outputTokens">Completion tokens.</param>
    /// <param name="beside">What can be used beside the tokens, and how many of them may be audio.</param>
    public static TokenUsage Of(EffectiveRates rates, long inputTokens, long outputTokens, in TokenUsage beside)
    {
        var inputAudio = AudioTokens(beside.InputAudio, inputTokens, rates[RateDimension.InputAudio], DearestInput(rates));
        var outputAudio = AudioTokens(beside.OutputAudio, outputTokens, rates[RateDimension.OutputAudio], DearestOutput(rates));
        var usage = OfText(rates, inputTokens - inputAudio, outputTokens - outputAudio) with
        {
            Input = inputTokens,
            Output = outputTokens,
            InputAudio = inputAudio,
            OutputAudio = outputAudio,
        };
        foreach (var dimension in NotTokens)
            usage = usage.With(dimension, beside[dimension]);
        return usage;
    }

    // A negative count is a mistake that pricing refuses.
    private static long AudioTokens(long most, long tokens, decimal audio, decimal dearestOther) =>
        most < 0 ? most
        : audio > dearestOther ? Math.Min(most, tokens)
        : 0;

    private static decimal DearestInput(EffectiveRates rates) =>
        Math.Max(
            Math.Max(rates[RateDimension.CacheWriteOneHour], rates[RateDimension.CacheWrite]),
            Math.Max(rates[RateDimension.CacheRead], Math.Max(rates[RateDimension.Input], rates[RateDimension.InputImage]))
        );

    private static decimal DearestOutput(EffectiveRates rates) =>
        Math.Max(rates[RateDimension.OutputImage], Math.Max(rates[RateDimension.Reasoning], rates[RateDimension.Output]));

    private static TokenUsage OfText(EffectiveRates rates, long inputTokens, long outputTokens)
    {
        var oneHourIsDearest =
            rates[RateDimension.CacheWriteOneHour]
            > Math.Max(Math.Max(rates[RateDimension.CacheWrite], rates[RateDimension.CacheRead]), rates[RateDimension.Input]);
        var writingIsDearest =
            oneHourIsDearest || rates[RateDimension.CacheWrite] > Math.Max(rates[RateDimension.CacheRead], rates[RateDimension.Input]);
        // No vendor means to charge more for a cached token, but a table may say so, and a worst case believes it.
        var readingIsDearest = !writingIsDearest && rates[RateDimension.CacheRead] > rates[RateDimension.Input];
        var seeingIsDearest =
            rates[RateDimension.InputImage]
            > Math.Max(
                Math.Max(rates[RateDimension.CacheWriteOneHour], rates[RateDimension.CacheWrite]),
                Math.Max(rates[RateDimension.CacheRead], rates[RateDimension.Input])
            );
        var textTokens = seeingIsDearest ? 0 : inputTokens;
        var drawingIsDearest = rates[RateDimension.OutputImage] > Math.Max(rates[RateDimension.Reasoning], rates[RateDimension.Output]);
        return new TokenUsage(inputTokens, outputTokens)
        {
            CacheRead = readingIsDearest ? textTokens : 0,
            CacheWrite = writingIsDearest ? textTokens : 0,
            CacheWriteOneHour = oneHourIsDearest ? textTokens : 0,
            InputImage = inputTokens - textTokens,
            Reasoning = rates[RateDimension.Reasoning] > rates[RateDimension.Output] && !drawingIsDearest ? outputTokens : 0,
            OutputImage = drawingIsDearest ? outputTokens : 0,
        };
    }
}
