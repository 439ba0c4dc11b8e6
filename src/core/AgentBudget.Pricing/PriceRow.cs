using AgentBudget.Pricing.Arithmetic;

namespace AgentBudget;

/// <summary>The price of one model at one provider during one interval, as one entry of <c>rows</c> in a price file states it.</summary>
public sealed class PriceRow
{
    /// <summary>The most that <see cref="MinWebSearches"/> can be: 100.</summary>
    public const int MaxMinWebSearches = 100;

    /// <summary>The key in <see cref="RegionMultipliers"/> that stands for every region without a key of its own: <c>*</c>.</summary>
    public const string AnyRegion = "*";

    private readonly RateSchedule standard;
    private readonly RateSchedule[] special;

    internal PriceRow(Rates rates, IReadOnlyList<ContextTier> contextTiers, IReadOnlyList<ServiceTier> serviceTiers)
    {
        Rates = rates;
        ContextTiers = contextTiers;
        ServiceTiers = serviceTiers;
        standard = RateSchedule.Standard(rates, contextTiers);
        special = [.. serviceTiers.Select(tier => RateSchedule.Special(rates, contextTiers, tier))];
    }

    /// <summary>
    /// <c>provider/model</c>, then <c>@</c> and the start, then <c>~</c> and the start of the daily window, where the row has them.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The provider who sells at this price.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's id in the table, whatever name it was found by.</summary>
    public required string Model { get; init; }

    /// <summary>All names of the model, <see cref="Model"/> first. Names with a date behind may be known beside them.</summary>
    public IReadOnlyList<string> Names { get; internal set; } = [];

    /// <summary>The first moment at which the price holds; null for "as long as anyone knows".</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first moment at which it no longer holds; null while it is current.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The part of each day in which the price holds; null for the whole day. A row with a window goes before one
    /// without.</summary>
    public DailyWindow? DailyWindow { get; init; }

    /// <summary>The most output tokens that the model gives in one call; null where no source says.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The standard rates as stated.</summary>
    public Rates Rates { get; }

    /// <summary>The context tiers of the standard rates, by rising threshold.</summary>
    public IReadOnlyList<ContextTier> ContextTiers { get; }

    /// <summary>The other service tiers that the row prices.</summary>
    public IReadOnlyList<ServiceTier> ServiceTiers { get; }

    /// <summary>Factors on all token rates by region, in lower case; fees and searches are not multiplied. Each is 0.01 to 100.</summary>
    public required IReadOnlyDictionary<string, decimal> RegionMultipliers { get; init; }

    /// <summary>
    /// The web searches that the vendor bills with every request, whether or not usage counts them: 0, the default, to
    /// <see cref="MaxMinWebSearches"/>. The price of a usage holds what the usage counts; whoever enforces a budget prices
    /// <see cref="AsBilled"/>.
    /// </summary>
    public int MinWebSearches { get; init; }

    /// <summary>
    /// The most web searches that the vendor bills with one request, which bills a prompt that searched and not its searches: 1 or more;
    /// <see cref="long.MaxValue"/>, the default, bills each.
    /// </summary>
    public long MaxWebSearches { get; init; } = long.MaxValue;

    /// <summary>Where the price was read.</summary>
    public required Uri Source { get; init; }

    /// <summary>The day on which it was read.</summary>
    public required DateOnly Retrieved { get; init; }

    /// <summary>What a reader of the row should know, such as why one source was preferred; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the price holds at a moment: dates are half-open, and so is the daily window.</summary>
    public bool Covers(DateTimeOffset at) =>
        (From is not { } from || at >= from)
        && (Until is not { } until || at < until)
        && (DailyWindow is not { } window || window.Contains(at));

    /// <summary>What one request is billed for that reports this usage: the same, with at least <see cref="MinWebSearches"/> web
    /// searches.</summary>
    /// <param name="usage">What the provider counted, or what is expected.</param>
    public TokenUsage AsBilled(in TokenUsage usage) =>
        // A negative count is a mistake that pricing refuses, and not one to be mended here.
        usage.WebSearches >= 0
        && usage.WebSearches < MinWebSearches
            ? usage with
            {
                WebSearches = MinWebSearches,
            }
            : usage;

    /// <summary>The rates to price a request with.</summary>
    /// <param name="terms">The terms of the call.</param>
    /// <param name="inputTokens">All prompt tokens.</param>
    /// <param name="warnings">Set where the service tier has no rates of its own.</param>
    internal EffectiveRates RatesFor(in CallTerms terms, long inputTokens, out PriceWarnings warnings)
    {
        warnings = PriceWarnings.None;
        if (terms.SpecialServiceTier is not { } name)
            return standard.For(inputTokens);
        foreach (var schedule in special)
        {
            if (name.Equals(schedule.ServiceTier, StringComparison.OrdinalIgnoreCase))
                return schedule.For(inputTokens);
        }

        warnings = PriceWarnings.ServiceTierNotPriced;
        return standard.For(inputTokens);
    }

    /// <summary>The factor on token rates in the region of a call; null where there is none.</summary>
    internal decimal? MultiplierFor(in CallTerms terms) =>
        terms.Region is { Length: > 0 } region
        && (RegionMultipliers.TryGetValue(region, out var multiplier) || RegionMultipliers.TryGetValue(AnyRegion, out multiplier))
            ? multiplier
            : null;

    /// <summary>The row's id.</summary>
    public override string ToString() => Id;
}
