namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// Inclusive usage taken apart, so that each token is paid for once: what a provider prices apart is taken out of the total first.
/// </summary>
internal readonly ref struct UsageParts
{
    public UsageParts(scoped in TokenUsage usage)
    {
        CacheRead = usage.CacheRead;
        CacheWriteOneHour = usage.CacheWriteOneHour;
        CacheWrite = usage.CacheWrite - usage.CacheWriteOneHour;
        InputAudio = usage.InputAudio;
        InputImage = usage.InputImage;
        Text = usage.Input - usage.CacheRead - usage.CacheWrite - usage.InputAudio - usage.InputImage;
        var output = Math.Max(usage.Output, usage.Reasoning);
        OutputAudio = usage.OutputAudio;
        OutputImage = usage.OutputImage;
        var words = output - usage.OutputAudio - usage.OutputImage;
        Reasoning = Math.Min(usage.Reasoning, words);
        Answer = words - Reasoning;
        WebSearches = usage.WebSearches;
        RerankSearches = usage.RerankSearches;
        Most = Math.Max(usage.Input, output);
        Warnings = usage.Reasoning > usage.Output ? PriceWarnings.ReasoningAboveOutput : PriceWarnings.None;
        if (Text >= 0) return;

        // Audio and images may themselves be cached, and usage does not say how much of them is. The dearer reading is that none is.
        if (usage.InputAudio > 0) Warnings |= PriceWarnings.CachedAudio;
        if (usage.InputImage > 0) Warnings |= PriceWarnings.CachedImages;
        var overlap = -Text;
        Text = 0;
        CacheRead -= Take(CacheRead, ref overlap);
        CacheWrite -= Take(CacheWrite, ref overlap);
        CacheWriteOneHour -= Take(CacheWriteOneHour, ref overlap);
    }

    public long Text { get; }

    public long CacheRead { get; }

    /// <summary>Cache writes for the usual time to live, those for an hour not among them.</summary>
    public long CacheWrite { get; }

    public long CacheWriteOneHour { get; }

    public long InputAudio { get; }

    public long InputImage { get; }

    public long Answer { get; }

    public long Reasoning { get; }

    public long OutputAudio { get; }

    public long OutputImage { get; }

    public long WebSearches { get; }

    public long RerankSearches { get; }

    /// <summary>No part is larger than this.</summary>
    public long Most { get; }

    /// <summary>What was unusual.</summary>
    public PriceWarnings Warnings { get; }

    public bool HasCache => (CacheRead | CacheWrite | CacheWriteOneHour) != 0;

    public bool HasOther => (Reasoning | InputAudio | OutputAudio | InputImage | OutputImage) != 0;

    private static long Take(long part, ref long overlap)
    {
        var taken = Math.Min(part, overlap);
        overlap -= taken;
        return taken;
    }
}
