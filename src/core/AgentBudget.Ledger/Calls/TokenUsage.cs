using System.Runtime.CompilerServices;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// What one model call used. Inclusive: <see cref="Input"/> holds all prompt tokens, cache reads, cache writes, audio and images among
/// them; <see cref="CacheWrite"/> holds its one-hour part; <see cref="Output"/> holds reasoning, audio and images. Counts are tokens
/// unless they say otherwise, and zero by default.
/// </summary>
/// <remarks>Provider counters are not tidy: reasoning above output happens. Whoever prices uses max(output, reasoning).</remarks>
public readonly partial record struct TokenUsage
{
    /// <summary>The largest count that a field may hold: 1e12.</summary>
    public const long MaxCount = 1_000_000_000_000;

    private const int FrequentCount = (int)UsageDimension.Reasoning + 1;

    // A usage is kept for each model of a session and copied for each call: what few calls have stands apart. Null for zeros; never
    // changed once it is here, because copies share it.
    private readonly Frequent frequent;
    private readonly long[]? rare;

    /// <summary>Makes the usage of a call without caching.</summary>
    public TokenUsage(long input, long output)
    {
        Input = input;
        Output = output;
    }

    private TokenUsage(in Frequent frequent, long[]? rare) => (this.frequent, this.rare) = (frequent, rare);

    /// <summary>One count.</summary>
    public long this[UsageDimension dimension] =>
        (int)dimension < FrequentCount ? frequent[(int)dimension]
        : (int)dimension >= UsageDimensions.Count
            ? throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A usage has no such count.")
        : rare is null ? 0
        : rare[(int)dimension - FrequentCount];

    /// <summary>All prompt tokens.</summary>
    public long Input
    {
        get => this[UsageDimension.Input];
        init => frequent[(int)UsageDimension.Input] = value;
    }

    /// <summary>All completion tokens.</summary>
    public long Output
    {
        get => this[UsageDimension.Output];
        init => frequent[(int)UsageDimension.Output] = value;
    }

    /// <summary>The part of the input read from a cache.</summary>
    public long CacheRead
    {
        get => this[UsageDimension.CacheRead];
        init => frequent[(int)UsageDimension.CacheRead] = value;
    }

    /// <summary>The part of the input written to a cache, for any time to live.</summary>
    public long CacheWrite
    {
        get => this[UsageDimension.CacheWrite];
        init => frequent[(int)UsageDimension.CacheWrite] = value;
    }

    /// <summary>The part of the cache writes with a time to live of one hour.</summary>
    public long CacheWriteOneHour
    {
        get => this[UsageDimension.CacheWriteOneHour];
        init => frequent[(int)UsageDimension.CacheWriteOneHour] = value;
    }

    /// <summary>The part of the output spent on reasoning.</summary>
    public long Reasoning
    {
        get => this[UsageDimension.Reasoning];
        init => frequent[(int)UsageDimension.Reasoning] = value;
    }

    /// <summary>The part of the input that is audio.</summary>
    public long InputAudio
    {
        get => this[UsageDimension.InputAudio];
        init => rare = RareWith(UsageDimension.InputAudio, value);
    }

    /// <summary>The part of the output that is audio.</summary>
    public long OutputAudio
    {
        get => this[UsageDimension.OutputAudio];
        init => rare = RareWith(UsageDimension.OutputAudio, value);
    }

    /// <summary>The part of the input that is images; no token is both this and audio. Zero also where nobody told images apart.</summary>
    public long InputImage
    {
        get => this[UsageDimension.InputImage];
        init => rare = RareWith(UsageDimension.InputImage, value);
    }

    /// <summary>The part of the output that is images; no token is both this and audio. Zero also where nobody told images apart.</summary>
    public long OutputImage
    {
        get => this[UsageDimension.OutputImage];
        init => rare = RareWith(UsageDimension.OutputImage, value);
    }

    /// <summary>Web searches made by the provider during the call.</summary>
    public long WebSearches
    {
        get => this[UsageDimension.WebSearches];
        init => rare = RareWith(UsageDimension.WebSearches, value);
    }

    /// <summary>Rerank queries.</summary>
    public long RerankSearches
    {
        get => this[UsageDimension.RerankSearches];
        init => rare = RareWith(UsageDimension.RerankSearches, value);
    }

    /// <summary>The part of the cache reads that is audio, and of the audio that was cached. Zero also where nobody told.</summary>
    public long CacheReadAudio
    {
        get => this[UsageDimension.CacheReadAudio];
        init => rare = RareWith(UsageDimension.CacheReadAudio, value);
    }

    /// <summary>The part of the cache reads that is images, and of the images that was cached. Zero also where nobody told.</summary>
    public long CacheReadImage
    {
        get => this[UsageDimension.CacheReadImage];
        init => rare = RareWith(UsageDimension.CacheReadImage, value);
    }

    /// <summary>Characters of text that were spoken or translated, where those are billed and not tokens.</summary>
    public long InputCharacters
    {
        get => this[UsageDimension.InputCharacters];
        init => rare = RareWith(UsageDimension.InputCharacters, value);
    }

    /// <summary>Seconds of audio that were heard, begun ones included, where those are billed and not tokens.</summary>
    public long InputAudioSeconds
    {
        get => this[UsageDimension.InputAudioSeconds];
        init => rare = RareWith(UsageDimension.InputAudioSeconds, value);
    }

    /// <summary>Pictures made, where those are billed by the piece and not by tokens.</summary>
    public long OutputPictures
    {
        get => this[UsageDimension.OutputPictures];
        init => rare = RareWith(UsageDimension.OutputPictures, value);
    }

    /// <summary>Containers that the provider started for the model's code.</summary>
    public long Containers
    {
        get => this[UsageDimension.Containers];
        init => rare = RareWith(UsageDimension.Containers, value);
    }

    /// <summary>Searches in files that the provider keeps.</summary>
    public long FileSearches
    {
        get => this[UsageDimension.FileSearches];
        init => rare = RareWith(UsageDimension.FileSearches, value);
    }

    /// <summary>Whether every count is zero.</summary>
    public bool IsZero => rare is null && !((ReadOnlySpan<long>)frequent).ContainsAnyExcept(0L);

    /// <summary>The same usage with one count set.</summary>
    public TokenUsage With(UsageDimension dimension, long count)
    {
        if ((int)dimension >= FrequentCount)
            return new TokenUsage(frequent, RareWith(dimension, count));
        var changed = frequent;
        changed[(int)dimension] = count;
        return new TokenUsage(changed, rare);
    }

    /// <summary>Adds two usages, count by count, checked.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right)
    {
        var sum = left.frequent;
        for (var i = 0; i < FrequentCount; i++)
            sum[i] = checked(sum[i] + right.frequent[i]);
        return new TokenUsage(sum, SumOf(left.rare, right.rare));
    }

    /// <inheritdoc/>
    public bool Equals(TokenUsage other) =>
        ((ReadOnlySpan<long>)frequent).SequenceEqual(other.frequent) && rare.AsSpan().SequenceEqual(other.rare);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Input, Output, CacheRead, CacheWrite, Reasoning);

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
            var count = this[(UsageDimension)i];
            if (count == 0)
                continue;
            hash.Add(i + 1L);
            hash.Add(count);
        }

        hash.Add(0L);
    }

    private long[]? RareWith(UsageDimension dimension, long count)
    {
        if (count == this[dimension])
            return rare;
        var changed = new long[UsageDimensions.Count - FrequentCount];
        rare.AsSpan().CopyTo(changed);
        changed[(int)dimension - FrequentCount] = count;
        return KeptOf(changed);
    }

    private static long[]? SumOf(long[]? left, long[]? right)
    {
        if (left is null || right is null)
            return left ?? right;
        var sum = new long[left.Length];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = checked(left[i] + right[i]);
        return KeptOf(sum);
    }

    // One form of nothing, so that equal usages are equal.
    private static long[]? KeptOf(long[] counts) => counts.AsSpan().ContainsAnyExcept(0L) ? counts : null;

    [InlineArray(FrequentCount)]
    private struct Frequent
    {
        private long first;
    }
}
