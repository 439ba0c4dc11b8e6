using System.Runtime.CompilerServices;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// What one model call used. Inclusive: <see cref="Input"/> holds all prompt tokens, cache reads, cache writes, audio and images among
/// them; <see cref="CacheWrite"/> holds its one-hour part; <see cref="Output"/> holds reasoning, audio and images. Counts are tokens
/// unless they say otherwise, and zero by default.
/// </summary>
/// <remarks>Provider counters are not tidy: reasoning above output happens. Whoever prices uses max(output, reasoning).</remarks>
public readonly record struct TokenUsage
{
    /// <summary>The largest count that a field may hold: 1e12.</summary>
    public const long MaxCount = 1_000_000_000_000;

    private readonly Counts counts;

    /// <summary>Makes the usage of a call without caching.</summary>
    public TokenUsage(long input, long output)
    {
        Input = input;
        Output = output;
    }

    private TokenUsage(in Counts counts) => this.counts = counts;

    /// <summary>One count.</summary>
    public long this[UsageDimension dimension] => counts[(int)dimension];

    /// <summary>All prompt tokens.</summary>
    public long Input
    {
        get => this[UsageDimension.Input];
        init => counts[(int)UsageDimension.Input] = value;
    }

    /// <summary>All completion tokens.</summary>
    public long Output
    {
        get => this[UsageDimension.Output];
        init => counts[(int)UsageDimension.Output] = value;
    }

    /// <summary>The part of the input read from a cache.</summary>
    public long CacheRead
    {
        get => this[UsageDimension.CacheRead];
        init => counts[(int)UsageDimension.CacheRead] = value;
    }

    /// <summary>The part of the input written to a cache, for any time to live.</summary>
    public long CacheWrite
    {
        get => this[UsageDimension.CacheWrite];
        init => counts[(int)UsageDimension.CacheWrite] = value;
    }

    /// <summary>The part of the cache writes with a time to live of one hour.</summary>
    public long CacheWriteOneHour
    {
        get => this[UsageDimension.CacheWriteOneHour];
        init => counts[(int)UsageDimension.CacheWriteOneHour] = value;
    }

    /// <summary>The part of the output spent on reasoning.</summary>
    public long Reasoning
    {
        get => this[UsageDimension.Reasoning];
        init => counts[(int)UsageDimension.Reasoning] = value;
    }

    /// <summary>The part of the input that is audio.</summary>
    public long InputAudio
    {
        get => this[UsageDimension.InputAudio];
        init => counts[(int)UsageDimension.InputAudio] = value;
    }

    /// <summary>The part of the output that is audio.</summary>
    public long OutputAudio
    {
        get => this[UsageDimension.OutputAudio];
        init => counts[(int)UsageDimension.OutputAudio] = value;
    }

    /// <summary>The part of the input that is images; no token is both this and audio. Zero also where nobody told images apart.</summary>
    public long InputImage
    {
        get => this[UsageDimension.InputImage];
        init => counts[(int)UsageDimension.InputImage] = value;
    }

    /// <summary>The part of the output that is images; no token is both this and audio. Zero also where nobody told images apart.</summary>
    public long OutputImage
    {
        get => this[UsageDimension.OutputImage];
        init => counts[(int)UsageDimension.OutputImage] = value;
    }

    /// <summary>Web searches made by the provider during the call.</summary>
    public long WebSearches
    {
        get => this[UsageDimension.WebSearches];
        init => counts[(int)UsageDimension.WebSearches] = value;
    }

    /// <summary>Rerank queries.</summary>
    public long RerankSearches
    {
        get => this[UsageDimension.RerankSearches];
        init => counts[(int)UsageDimension.RerankSearches] = value;
    }

    /// <summary>The part of the cache reads that is audio, and of the audio that was cached. Zero also where nobody told.</summary>
    public long CacheReadAudio
    {
        get => this[UsageDimension.CacheReadAudio];
        init => counts[(int)UsageDimension.CacheReadAudio] = value;
    }

    /// <summary>The part of the cache reads that is images, and of the images that was cached. Zero also where nobody told.</summary>
    public long CacheReadImage
    {
        get => this[UsageDimension.CacheReadImage];
        init => counts[(int)UsageDimension.CacheReadImage] = value;
    }

    /// <summary>Characters of text that were spoken or translated, where those are billed and not tokens.</summary>
    public long InputCharacters
    {
        get => this[UsageDimension.InputCharacters];
        init => counts[(int)UsageDimension.InputCharacters] = value;
    }

    /// <summary>Seconds of audio that were heard, begun ones included, where those are billed and not tokens.</summary>
    public long InputAudioSeconds
    {
        get => this[UsageDimension.InputAudioSeconds];
        init => counts[(int)UsageDimension.InputAudioSeconds] = value;
    }

    /// <summary>Pictures made, where those are billed by the piece and not by tokens.</summary>
    public long OutputPictures
    {
        get => this[UsageDimension.OutputPictures];
        init => counts[(int)UsageDimension.OutputPictures] = value;
    }

    /// <summary>Containers that the provider started for the model's code.</summary>
    public long Containers
    {
        get => this[UsageDimension.Containers];
        init => counts[(int)UsageDimension.Containers] = value;
    }

    /// <summary>Searches in files that the provider keeps.</summary>
    public long FileSearches
    {
        get => this[UsageDimension.FileSearches];
        init => counts[(int)UsageDimension.FileSearches] = value;
    }

    /// <summary>Whether every count is zero.</summary>
    public bool IsZero => !((ReadOnlySpan<long>)counts).ContainsAnyExcept(0L);

    /// <summary>The same usage with one count set.</summary>
    public TokenUsage With(UsageDimension dimension, long count)
    {
        var changed = counts;
        changed[(int)dimension] = count;
        return new TokenUsage(changed);
    }

    /// <summary>Adds two usages, count by count, checked.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right)
    {
        var sum = left.counts;
        for (var i = 0; i < UsageDimensions.Count; i++)
            sum[i] = checked(sum[i] + right.counts[i]);
        return new TokenUsage(sum);
    }

    /// <inheritdoc/>
    public bool Equals(TokenUsage other) => ((ReadOnlySpan<long>)counts).SequenceEqual(other.counts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Input, Output, CacheRead, CacheWrite, Reasoning);

    /// <summary>What makes this usage impossible, or null. Reasoning above output is tolerated: providers report it.</summary>
    public string? FindProblem()
    {
        // Together as bits they are at least the largest of them, and negative if one is: one comparison clears nearly every call.
        var together = 0L;
        foreach (var count in counts)
            together |= count;
        if ((ulong)together > (ulong)MaxCount && FindBadCount() is { } bad)
            return bad;
        return FindBadPart() ?? FindBadSum();
    }

    /// <summary>Adds what was counted, which may be nothing.</summary>
    internal static void AddTo(ref BodyHash hash, CountedTokens? tokens)
    {
        if (tokens is null)
            hash.Add(0L);
        else
            tokens.Usage.AddTo(ref hash);
    }

    internal void AddTo(ref BodyHash hash)
    {
        // By number, and only what is counted: a count that is added later changes no stored hash.
        for (var i = 0; i < UsageDimensions.Count; i++)
        {
            if (counts[i] == 0)
                continue;
            hash.Add(i + 1L);
            hash.Add(counts[i]);
        }

        hash.Add(0L);
    }

    private string? FindBadCount()
    {
        foreach (var row in UsageDimensions.All)
        {
            if (this[row.Dimension] < 0)
                return $"The count {row.Name} is negative; counts are zero or more.";
            if (this[row.Dimension] > MaxCount)
                return $"The count {row.Name} is above {MaxCount}.";
        }

        return null;
    }

    private string? FindBadPart()
    {
        for (var i = 0; i < UsageDimensions.Count; i++)
        {
            if (counts[i] == 0)
                continue;
            var row = UsageDimensions.Of((UsageDimension)i);
            if (
                (
                    Exceeds(i, row.PartOf) ? row.PartOf
                    : Exceeds(i, row.AlsoPartOf) ? row.AlsoPartOf
                    : null
                ) is
                { } whole
            )
                return $"The count {row.Name} exceeds the count {UsageDimensions.Of(whole).Name} that must include it.";
        }

        return null;
    }

    private bool Exceeds(int part, UsageDimension? whole) => whole is { } dimension && counts[part] > this[dimension];

    private string? FindBadSum()
    {
        foreach (var (whole, parts) in UsageDimensions.Sums)
        {
            var together = 0L;
            foreach (var part in parts)
                together += this[part];
            if (together > this[whole])
                return $"The counts {string.Join(" and ", parts.Select(part => UsageDimensions.Of(part).Name))} together exceed "
                    + $"the count {UsageDimensions.Of(whole).Name} that must include them.";
        }

        return null;
    }

    [InlineArray(UsageDimensions.Count)]
    private struct Counts
    {
        private long first;
    }
}
