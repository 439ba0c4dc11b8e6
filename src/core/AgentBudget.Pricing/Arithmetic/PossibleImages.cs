namespace AgentBudget.Pricing.Arithmetic;

/// <summary>Tokens that may be images for all that a usage says, at rates where it matters.</summary>
internal static class PossibleImages
{
    /// <summary>Finds them: what is neither cached nor audio nor reasoning, where images cost more and the usage counts none.</summary>
    /// <param name="usage">A usage without a problem.</param>
    /// <param name="rates">The rates of the call.</param>
    /// <param name="withImages">The usage with these tokens as images; as it was where there are none.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryFind(in TokenUsage usage, EffectiveRates rates, out TokenUsage withImages)
    {
        // Whoever counts the images of an answer counts those of its prompt, and says that there are none. The reverse does not hold:
        // there are providers that give the details of a prompt alone.
        var input =
            usage.InputImage == 0 && usage.OutputImage == 0 && rates[RateDimension.InputImage] > rates[RateDimension.Input]
                ? Math.Max(0, usage.Input - usage.CacheRead - usage.CacheWrite - usage.InputAudio + usage.CacheReadAudio)
                : 0;
        var output =
            usage.OutputImage == 0 && rates[RateDimension.OutputImage] > rates[RateDimension.Output]
                ? Math.Max(0, usage.Output - usage.Reasoning - usage.OutputAudio)
                : 0;
        withImages = usage with { InputImage = usage.InputImage + input, OutputImage = usage.OutputImage + output };
        return (input | output) != 0;
    }
}
