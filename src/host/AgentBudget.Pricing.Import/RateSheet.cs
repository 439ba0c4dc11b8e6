using System.Globalization;
using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Import;

/// <summary>
/// Rates by dimension, in the units of <see cref="RateDimension"/>, and the context tiers that change some of them. Only what a source
/// states is in it.
/// </summary>
internal sealed class RateSheet
{
    // The table holds nine decimals; sources that compute with floating-point numbers leave noise far behind them.
    private const int Decimals = 9;

    /// <summary>The stated rates.</summary>
    public SortedDictionary<RateDimension, decimal> Rates { get; } = [];

    /// <summary>By threshold in input tokens: the rates that differ beyond it.</summary>
    public SortedDictionary<long, SortedDictionary<RateDimension, decimal>> Tiers { get; } = [];

    public decimal? this[RateDimension dimension] => Rates.TryGetValue(dimension, out var usd) ? usd : null;

    public bool IsEmpty => Rates.Count == 0 && Tiers.Count == 0;

    /// <summary>States a rate; null and negative ones, by which some sources mean "it depends", are not stated.</summary>
    public void Set(RateDimension dimension, decimal? usd)
    {
        if (usd is >= 0)
            Rates[dimension] = Clean(usd.Value);
    }

    /// <summary>States a rate beyond a threshold.</summary>
    public void SetTier(long threshold, RateDimension dimension, decimal? usd)
    {
        if (usd is not >= 0)
            return;
        if (!Tiers.TryGetValue(threshold, out var rates))
            Tiers[threshold] = rates = [];
        rates[dimension] = Clean(usd.Value);
    }

    /// <summary>This sheet with its fee per request stated as the price of a web search.</summary>
    public RateSheet WithRequestFeeAsWebSearch()
    {
        var restated = Copy();
        if (restated.Rates.Remove(RateDimension.Request, out var usd))
            restated.Rates[RateDimension.WebSearch] = usd;
        return restated;
    }

    /// <summary>This sheet with another one's price of a web search where it states none: token prices are dated, and that one is
    /// not.</summary>
    public RateSheet WithWebSearchOf(RateSheet other)
    {
        var filled = Copy();
        filled.Set(RateDimension.WebSearch, filled[RateDimension.WebSearch] ?? other[RateDimension.WebSearch]);
        return filled;
    }

    /// <summary>This sheet with another one's fees, and its hour of cache, where it states none.</summary>
    public RateSheet WithFeesOf(RateSheet other)
    {
        var filled = Copy();
        foreach (var (dimension, usd) in other.Rates)
        {
            if (!IsTokens(dimension) || dimension == RateDimension.CacheWriteOneHour)
                filled.Set(dimension, filled[dimension] ?? usd);
        }

        foreach (var (threshold, rates) in filled.Tiers.ToArray())
        {
            if (Rates.ContainsKey(RateDimension.CacheWriteOneHour) || this[RateDimension.Input] is not (> 0 and var input))
                continue;
            var hour = filled[RateDimension.CacheWriteOneHour] * rates.GetValueOrDefault(RateDimension.Input, input) / input;
            filled.SetTier(threshold, RateDimension.CacheWriteOneHour, hour);
        }

        return filled;
    }

    /// <summary>This sheet with another one's context tiers, as far as it states what they change.</summary>
    public RateSheet WithTiersOf(RateSheet other)
    {
        var filled = Copy();
        foreach (var (threshold, rates) in other.Tiers)
        {
            foreach (var (dimension, usd) in rates.Where(rate => Rates.ContainsKey(rate.Key)))
                filled.SetTier(threshold, dimension, usd);
        }

        return filled;
    }

    /// <summary>A sheet with every token rate multiplied; fees stay.</summary>
    public RateSheet Times(decimal factor)
    {
        var product = new RateSheet();
        foreach (var (dimension, usd) in Rates)
        {
            if (IsTokens(dimension))
                product.Set(dimension, usd * factor);
        }

        foreach (var (threshold, rates) in Tiers)
        {
            foreach (var (dimension, usd) in rates)
                product.SetTier(threshold, dimension, usd * factor);
        }

        return product;
    }

    /// <summary>Whether two sheets state the same.</summary>
    public bool Matches(RateSheet other) =>
        Rates.SequenceEqual(other.Rates)
        && Tiers.Count == other.Tiers.Count
        && Tiers.All(tier => other.Tiers.TryGetValue(tier.Key, out var rates) && rates.SequenceEqual(tier.Value));

    /// <summary>Whether two sheets price every token alike, save that one may lack fees and one-hour cache writes.</summary>
    public bool Agrees(RateSheet other) =>
        Agree(Rates, other.Rates)
        && Tiers.Count == other.Tiers.Count
        && Tiers.All(tier => other.Tiers.TryGetValue(tier.Key, out var rates) && Agree(tier.Value, rates));

    private RateSheet Copy() => With(new RateSheet());

    /// <summary>This sheet with what another one that agrees with it states beyond it.</summary>
    public RateSheet With(RateSheet other)
    {
        var union = new RateSheet();
        foreach (var (dimension, usd) in other.Rates.Concat(Rates))
            union.Set(dimension, usd);
        foreach (var sheet in new[] { other, this })
        {
            foreach (var (threshold, rates) in sheet.Tiers)
            {
                foreach (var (dimension, usd) in rates)
                    union.SetTier(threshold, dimension, usd);
            }
        }

        return union;
    }

    /// <summary>Whether every rate that another sheet states is this one's, too.</summary>
    public bool Covers(RateSheet other) =>
        (other.Tiers.Count == 0 || other.Tiers.Keys.SequenceEqual(Tiers.Keys))
        && other.Rates.All(rate => (IsTokens(rate.Key) ? Effective(rate.Key) : this[rate.Key]) == rate.Value)
        && other.Tiers.All(tier => tier.Value.All(rate => Effective(rate.Key, tier.Key) == rate.Value));

    private static bool Agree(SortedDictionary<RateDimension, decimal> rates, SortedDictionary<RateDimension, decimal> others) =>
        rates
            .Keys.Union(others.Keys)
            .All(dimension =>
            {
                var isStated = rates.TryGetValue(dimension, out var usd);
                var isStatedToo = others.TryGetValue(dimension, out var other);
                var mayLack = !IsTokens(dimension) || dimension == RateDimension.CacheWriteOneHour;
                return isStated && isStatedToo ? usd == other : mayLack;
            });

    /// <summary>What a token dimension costs, with inheritance, in the standard context or beyond a threshold.</summary>
    /// <param name="dimension">A token dimension.</param>
    /// <param name="inputTokens">The threshold at which, or above which, the request lies; 0 for the shortest.</param>
    public decimal? Effective(RateDimension dimension, long inputTokens = 0)
    {
        var tier = Tiers.LastOrDefault(tier => tier.Key <= inputTokens).Value;
        for (RateDimension? asked = dimension; asked is { } now; asked = ParentOf(now))
        {
            if (tier is not null && tier.TryGetValue(now, out var beyond))
                return beyond;
            if (this[now] is { } usd)
                return usd;
        }

        return null;
    }

    /// <summary>The dimension whose rate a silent one has; null for input, output and what is not tokens.</summary>
    public static RateDimension? ParentOf(RateDimension dimension) => RateDimensions.Of(dimension).Parent;

    /// <summary>Whether a rate is by the million, so that tiers and factors move it; fees stay.</summary>
    public static bool IsTokens(RateDimension dimension) => RateDimensions.Of(dimension).IsPerMillion;

    // A rate that no table takes would run over in what is made of it.
    private static decimal Clean(decimal usd) =>
        usd <= RatesReader.MaxUsd
            ? Math.Round(usd, Decimals) / 1.000000000000000000000000000m
            : throw new InvalidDataException($"A rate of {usd.ToString(CultureInfo.InvariantCulture)} is above {RatesReader.MaxUsd}.");
}
