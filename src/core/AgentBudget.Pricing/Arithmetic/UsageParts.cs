using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// Inclusive usage taken apart, so that each token is paid for once: what a provider prices apart is taken out of the total first. The
/// parts stand in the order of <see cref="RateDimension"/>.
/// </summary>
internal readonly ref struct UsageParts
{
    private readonly Counts _parts;

    /// <param name="usage">A usage without a problem.</param>
    /// <param name="maxWebSearches">The most web searches that one request is billed for.</param>
    public UsageParts(scoped in TokenUsage usage, long maxWebSearches)
    {
        foreach (ref readonly var part in RateDimensions.Parts)
        {
            var count = usage[part.Usage];
            if (count == 0)
                continue;
            _parts[part.Rate] += count;
            if (part.Whole >= 0)
                _parts[part.Whole] -= count;
            if (part.OtherWhole >= 0)
            {
                _parts[part.OtherWhole] -= count;
                _parts[part.Common] += count;
            }
        }

        _parts[(int)RateDimension.Request] = 1;
        _parts[(int)RateDimension.WebSearch] = Math.Min(usage.WebSearches, maxWebSearches);
        var output = Math.Max(usage.Output, usage.Reasoning);
        var words = output - usage.OutputAudio - usage.OutputImage;
        var reasoning = Math.Min(usage.Reasoning, words);
        _parts[(int)RateDimension.Reasoning] = reasoning;
        _parts[(int)RateDimension.Output] = words - reasoning;
        Warnings = usage.Reasoning > usage.Output ? PriceWarnings.ReasoningAboveOutput : PriceWarnings.None;
        if (_parts[(int)RateDimension.Input] >= 0)
            return;

        // Audio and images may themselves be cached, and usage does not say of all of them. The dearer reading is that the rest is not.
        if (usage.InputAudio > usage.CacheReadAudio)
            Warnings |= PriceWarnings.CachedAudio;
        if (usage.InputImage > usage.CacheReadImage)
            Warnings |= PriceWarnings.CachedImages;
        var overlap = -_parts[(int)RateDimension.Input];
        _parts[(int)RateDimension.Input] = 0;
        _parts[(int)RateDimension.CacheRead] -= Take(_parts[(int)RateDimension.CacheRead], ref overlap);
        _parts[(int)RateDimension.CacheWrite] -= Take(_parts[(int)RateDimension.CacheWrite], ref overlap);
        _parts[(int)RateDimension.CacheWriteOneHour] -= Take(_parts[(int)RateDimension.CacheWriteOneHour], ref overlap);
    }

    /// <summary>What a rate charges for.</summary>
    public long this[RateDimension dimension] => _parts[(int)dimension];

    /// <summary>The parts that are charged per million.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long> PerMillion => ((ReadOnlySpan<long>)_parts)[..RateDimensions.PerMillionCount];

    /// <summary>The parts that are charged each, the request itself first.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long> Each => ((ReadOnlySpan<long>)_parts)[RateDimensions.PerMillionCount..];

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
        private long _first;
    }
}
