namespace AgentBudget.Pricing.Responses;

/// <summary>Providers' counters are not tidy, and a usage that contradicts itself has no price: a whole is at least its parts.</summary>
internal static class TidyUsage
{
    // Far beyond what a call can use, and so far below the largest count that a whole has room for its parts.
    private const long MaxPart = TokenUsage.MaxCount / 4;

    public static TokenUsage Of(in TokenUsage usage)
    {
        var tidy = usage;
        foreach (var row in UsageDimensions.All)
            tidy = tidy.With(row.Dimension, Math.Clamp(tidy[row.Dimension], 0, MaxPart));
        tidy = tidy with
        {
            CacheWrite = Math.Max(tidy.CacheWrite, tidy.CacheWriteOneHour),
            CacheRead = Math.Max(tidy.CacheRead, tidy.CacheReadAudio + tidy.CacheReadImage),
            InputAudio = Math.Max(tidy.InputAudio, tidy.CacheReadAudio),
            InputImage = Math.Max(tidy.InputImage, tidy.CacheReadImage),
        };
        return tidy with
        {
            Input = Largest(tidy.Input, tidy.CacheRead + tidy.CacheWrite, tidy.InputAudio + tidy.InputImage),
            Output = Largest(tidy.Output, tidy.Reasoning, tidy.OutputAudio + tidy.OutputImage),
        };
    }

    public static TokenUsage Sum(in TokenUsage left, in TokenUsage right)
    {
        var sum = default(TokenUsage);
        foreach (var row in UsageDimensions.All)
            sum = sum.With(row.Dimension, left[row.Dimension] + right[row.Dimension]);
        return Of(sum);
    }

    private static long Largest(long whole, long parts, long otherParts) => Math.Max(whole, Math.Max(parts, otherParts));
}
