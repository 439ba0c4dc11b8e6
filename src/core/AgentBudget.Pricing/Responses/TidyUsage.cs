namespace AgentBudget.Pricing.Responses;

/// <summary>Providers' counters are not tidy, and a usage that contradicts itself has no price: a whole is at least its parts.</summary>
internal static class TidyUsage
{
    public static TokenUsage Of(in TokenUsage usage)
    {
        var tidy = usage with { CacheWrite = Math.Max(usage.CacheWrite, usage.CacheWriteOneHour) };
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
            sum = sum.With(row.Dimension, Math.Min(left[row.Dimension] + right[row.Dimension], TokenUsage.MaxCount));
        return Of(sum);
    }

    private static long Largest(long whole, long parts, long otherParts) => Math.Min(Math.Max(whole, Math.Max(parts, otherParts)), TokenUsage.MaxCount);
}
