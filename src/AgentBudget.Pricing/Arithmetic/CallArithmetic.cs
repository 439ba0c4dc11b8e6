using AgentBudget.Ledger;


namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// From rates and inclusive usage to dollars, exact and not yet rounded. The parts that a provider prices apart are taken out of the
/// total first, so that each token is paid for once.
/// </summary>
internal static class CallArithmetic
{
    private const decimal DollarsPerMillionthDollar = 0.000001m;

    /// <summary>The cost in dollars of tokens only.</summary>
    /// <param name="rates">The rates of the request.</param>
    /// <param name="usage">A usage without a problem.</param>
    /// <param name="warnings">What was unusual.</param>
    public static decimal TokenDollars(EffectiveRates rates, in TokenUsage usage, out PriceWarnings warnings)
    {
        var millionths = InputMillionths(rates, usage, out warnings) + OutputMillionths(rates, usage);
        if (usage.Reasoning > usage.Output) warnings |= PriceWarnings.ReasoningAboveOutput;
        return millionths * DollarsPerMillionthDollar;
    }

    /// <summary>The cost in dollars of what is not tokens, or null where a rate is missing.</summary>
    public static decimal? OtherDollars(EffectiveRates rates, in TokenUsage usage)
    {
        var dollars = rates.Request;
        if (usage.WebSearches > 0)
        {
            if (rates.WebSearch is not { } search) return null;
            dollars += search * usage.WebSearches;
        }

        if (usage.RerankSearches > 0)
        {
            if (rates.RerankSearch is not { } rerank) return null;
            dollars += rerank * usage.RerankSearches;
        }

        return dollars;
    }

    private static decimal InputMillionths(EffectiveRates rates, in TokenUsage usage, out PriceWarnings warnings)
    {
        var read = usage.CacheRead;
        var oneHour = usage.CacheWriteOneHour;
        var fiveMinutes = usage.CacheWrite - oneHour;
        var audio = usage.InputAudio;
        var text = usage.Input - read - usage.CacheWrite - audio;
        warnings = PriceWarnings.None;
        if (text < 0)
        {
            // Audio may itself be cached, and usage does not say how much of it is. The dearer reading is that it is not.
            warnings = PriceWarnings.CachedAudio;
            var overlap = -text;
            text = 0;
            Take(ref read, ref overlap);
            Take(ref fiveMinutes, ref overlap);
            Take(ref oneHour, ref overlap);
        }

        return Cost(text, rates.Input) + Cost(read, rates.CacheRead) + Cost(fiveMinutes, rates.CacheWrite)
            + Cost(oneHour, rates.CacheWriteOneHour) + Cost(audio, rates.InputAudio);
    }

    private static decimal OutputMillionths(EffectiveRates rates, in TokenUsage usage)
    {
        var output = Math.Max(usage.Output, usage.Reasoning);
        var audio = usage.OutputAudio;
        var reasoning = Math.Min(usage.Reasoning, output - audio);
        return Cost(output - audio - reasoning, rates.Output) + Cost(reasoning, rates.Reasoning) + Cost(audio, rates.OutputAudio);
    }

    private static void Take(ref long part, ref long overlap)
    {
        var taken = Math.Min(part, overlap);
        part -= taken;
        overlap -= taken;
    }

    // Most parts of most calls are zero, and a decimal multiplication is not free.
    private static decimal Cost(long tokens, decimal usdPerMillion) => tokens == 0 ? 0m : tokens * usdPerMillion;
}
