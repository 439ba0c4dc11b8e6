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

    /// <summary>Makes the usage of a call without caching.</summary>
    public TokenUsage(long input, long output)
    {
        Input = input;
        Output = output;
    }

    /// <summary>All prompt tokens.</summary>
    public long Input { get; init; }

    /// <summary>All completion tokens.</summary>
    public long Output { get; init; }

    /// <summary>The part of the input read from a cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>The part of the input written to a cache, for any time to live.</summary>
    public long CacheWrite { get; init; }

    /// <summary>The part of the cache writes with a time to live of one hour.</summary>
    public long CacheWriteOneHour { get; init; }

    /// <summary>The part of the output spent on reasoning.</summary>
    public long Reasoning { get; init; }

    /// <summary>The part of the input that is audio.</summary>
    public long InputAudio { get; init; }

    /// <summary>The part of the output that is audio.</summary>
    public long OutputAudio { get; init; }

    /// <summary>The part of the input that is images; no token is both this and audio. Zero also where nobody told images apart.</summary>
    public long InputImage { get; init; }

    /// <summary>The part of the output that is images; no token is both this and audio. Zero also where nobody told images apart.</summary>
    public long OutputImage { get; init; }

    /// <summary>Web searches made by the provider during the call.</summary>
    public long WebSearches { get; init; }

    /// <summary>Rerank queries.</summary>
    public long RerankSearches { get; init; }

    /// <summary>Adds two usages, field by field, checked.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right)
    {
        checked
        {
            return new TokenUsage(left.Input + right.Input, left.Output + right.Output)
            {
                CacheRead = left.CacheRead + right.CacheRead,
                CacheWrite = left.CacheWrite + right.CacheWrite,
                CacheWriteOneHour = left.CacheWriteOneHour + right.CacheWriteOneHour,
                Reasoning = left.Reasoning + right.Reasoning,
                InputAudio = left.InputAudio + right.InputAudio,
                OutputAudio = left.OutputAudio + right.OutputAudio,
                InputImage = left.InputImage + right.InputImage,
                OutputImage = left.OutputImage + right.OutputImage,
                WebSearches = left.WebSearches + right.WebSearches,
                RerankSearches = left.RerankSearches + right.RerankSearches,
            };
        }
    }

    /// <summary>What makes this usage impossible, or null. Reasoning above output is tolerated: providers report it.</summary>
    public string? FindProblem()
    {
        // Together as bits they are at least the largest of them, and negative if one is: one comparison clears nearly every call.
        var together = Input | Output | CacheRead | CacheWrite | CacheWriteOneHour | Reasoning | InputAudio | OutputAudio | InputImage | OutputImage
            | WebSearches | RerankSearches;
        if ((ulong)together > (ulong)MaxCount && FindBadCount() is { } bad) return bad;
        if (CacheRead + CacheWrite > Input) return "Cache reads and writes exceed the input; input counts all prompt tokens, cached ones included.";
        if (CacheWriteOneHour > CacheWrite) return "One-hour cache writes exceed the cache writes that must include them.";
        if (InputAudio > Input || OutputAudio > Output) return "Audio tokens exceed the input or output that must include them.";
        if (InputImage > Input || OutputImage > Output) return "Image tokens exceed the input or output that must include them.";
        return InputAudio + InputImage > Input || OutputAudio + OutputImage > Output
            ? "Audio and image tokens together exceed the input or output that must include them."
            : null;
    }

    private string? FindBadCount()
    {
        ReadOnlySpan<long> counts =
        [
            Input, Output, CacheRead, CacheWrite, CacheWriteOneHour, Reasoning, InputAudio, OutputAudio, InputImage, OutputImage, WebSearches,
            RerankSearches,
        ];
        foreach (var count in counts)
        {
            if (count < 0) return "A token count is negative; counts are zero or more.";
            if (count > MaxCount) return $"A token count is above {MaxCount}.";
        }

        return null;
    }
}
