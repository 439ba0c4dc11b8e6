using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// Inclusive usage taken apart, so that each token is paid for once: what a provider prices apart is taken out of the total first. The
/// parts stand in the order of <see cref="RateDimension"/>.
/// </summary>
internal readonly ref struct UsageParts
{
    private readonly Counts parts;

    /// <param name="usage">A usage without a problem.</param>
    /// <param name="maxWebSearches">The most web searches that one request is billed for.</param>
    public UsageParts(scoped in TokenUsage usage, long maxWebSearches)
    {
        foreach (ref readonly var part in RateDimensions.Parts)
        {
            var count = usage[part.Usage];
            if (count == 0)
                continue;
            parts[part.Rate] += count;
            if (part.Whole >= 0)
                parts[part.Whole] -= count;
            if (part.OtherWhole >= 0)
            {
                parts[part.OtherWhole] -= count;
                parts[part.Common] += count;
            }
        }

        parts[(int)RateDimension.Request] = 1;
        parts[(int)RateDimension.WebSearch] = Math.Min(usage.WebSearches, maxWebSearches);
        var output = Math.Max(usage.Output, usage.Reasoning);
        var words = output - usage.OutputAudio - usage.OutputImage;
        var reasoning = Math.Min(usage.Reasoning, words);
        parts[(int)RateDimension.Reasoning] = reasoning;
        parts[(int)RateDimension.Output] = words - reasoning;
        Warnings = usage.Reasoning > usage.Output ? PriceWarnings.ReasoningAboveOutput : PriceWarnings.None;
        if (parts[(int)RateDimension.Input] >= 0)
            return;

        // Audio and images may themselves be cached, and usage does not say of all of them. The dearer reading is that the rest is not.
        if (usage.InputAudio > usage.CacheReadAudio)
            Warnings |= PriceWarnings.CachedAudio;
        if (usage.InputImage > usage.CacheReadImage)
            Warnings |= PriceWarnings.CachedImages;
        var overlap = -parts[(int)RateDimension.Input];
        parts[(int)RateDimension.Input] = 0;
        parts[(int)RateDimension.CacheRead] -= Take(parts[(int)RateDimension.CacheRead], ref overlap);
        parts[(int)RateDimension.CacheWrite] -= Take(parts[(int)RateDimension.CacheWrite], ref overlap);
        parts[(int)RateDimension.CacheWriteOneHour] -= Take(parts[(int)RateDimension.CacheWriteOneHour], ref overlap);
    }

    /// <summary>What a rate charges for.</summary>
    public long this[RateDimension dimension] => parts[(int)dimension];

    /// <summary>The parts that are charged per million.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long> PerMillion => ((ReadOnlySpan<long>)parts)[..RateDimensions.PerMillionCount];

    /// <summary>The parts that are charged each, the request itself first.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long> Each => ((ReadOnlySpan<long>)parts)[RateDimensions.PerMillionCount..];

    /// <summary>What was unusual.</summary>
    public PriceWarnings Warnings { get; }

    private static long Take(long part, ref long overlap)
    {
        var taken = Math.Min(part, overlap);
        overlap -= taken;
        return taken;
    }

    [InlineArray(RateDimensions.Count)]
    private struct Counts
    {
        private long first;
    }
}
