using System.Collections.Frozen;

namespace AgentBudget.Pricing.Files;

/// <summary>What varies inside a row, after the rules of its provider have filled what the row leaves open.</summary>
/// <param name="Rates">The standard rates.</param>
/// <param name="ContextTiers">The context tiers.</param>
/// <param name="ServiceTiers">The service tiers.</param>
/// <param name="Regions">The factors by region.</param>
internal sealed record FilledRow(
    Rates Rates,
    IReadOnlyList<ContextTier> ContextTiers,
    IReadOnlyList<ServiceTier> ServiceTiers,
    FrozenDictionary<string, decimal> Regions
)
{
    /// <summary>This row after rules, in whatever order their file has them.</summary>
    public FilledRow By(IReadOnlyCollection<ProviderRule> rules)
    {
        var row = this;
        foreach (var rule in rules)
        {
            if (rule.OneHourPerInput is { } perInput)
                row = row.WithOneHour(perInput);
            row = row with { Rates = row.Rates.Over(rule.Fees), Regions = Over(row.Regions, rule.Regions) };
        }

        // A service tier is a factor on all token rates, and on those that another rule fills.
        foreach (var rule in rules)
        {
            foreach (var (name, factor) in rule.ServiceFactors)
                row = row.WithServiceTier(name, factor, rule.KeepsCacheReads);
        }

        return row;
    }

    private static FrozenDictionary<string, decimal> Over(
        FrozenDictionary<string, decimal> stated,
        IReadOnlyDictionary<string, decimal> rule
    )
    {
        // A row that names regions of its own has been looked at for them.
        if (rule.Count == 0 || stated.Count > 0)
            return stated;
        return rule.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // Where the row states an hour, and a tier of it states none, the tier has the row's proportion.
    private FilledRow WithOneHour(decimal perInput)
    {
        var factor =
            Rates[RateDimension.CacheWriteOneHour] is { } stated && Rates[RateDimension.Input] is > 0 and var whole
                ? stated / whole
                : perInput;
        return this with
        {
            Rates = Hour(Rates),
            ContextTiers = Hours(ContextTiers),
            ServiceTiers =
            [
                .. ServiceTiers.Select(tier => tier with { Rates = Hour(tier.Rates), ContextTiers = Hours(tier.ContextTiers) }),
            ],
        };

        IReadOnlyList<ContextTier> Hours(IReadOnlyList<ContextTier> tiers) =>
            [.. tiers.Select(tier => tier with { Rates = Hour(tier.Rates) })];

        Rates Hour(Rates rates) =>
            rates[RateDimension.CacheWriteOneHour] is null && rates[RateDimension.Input] is { } input
                ? rates.With(RateDimension.CacheWriteOneHour, Rounded(input * factor))
                : rates;
    }

    // A service tier that states an input of its own in another proportion is not the rule's, and is left as it is.
    private FilledRow WithServiceTier(string name, decimal factor, bool keepsCacheReads)
    {
        var stated = ServiceTiers.FirstOrDefault(tier => tier.Name == name);
        var input = stated?.Rates[RateDimension.Input];
        if (input is not null && input != Rounded(Rates[RateDimension.Input] * factor))
            return this;
        var rates = Times(Rates, factor, keepsCacheReads);
        var tiers = ContextTiers
            .Where(tier => stated is null || stated.ContextTiers.All(own => own.FirstInputTokens != tier.FirstInputTokens))
            .Select(tier => tier with { Rates = Times(tier.Rates, factor, keepsCacheReads) })
            .Concat(stated?.ContextTiers ?? []);
        var filled = new ServiceTier(name, stated?.Rates.Over(rates) ?? rates, [.. tiers.OrderBy(tier => tier.FirstInputTokens)]);
        return this with { ServiceTiers = [.. ServiceTiers.Where(tier => tier.Name != name), filled] };
    }

    private static Rates Times(Rates rates, decimal factor, bool keepsCacheReads)
    {
        var product = rates.Select((dimension, usd) => RateDimensions.Of(dimension).IsPerMillion ? Rounded(usd * factor) : null);
        if (!keepsCacheReads)
            return product;
        // Without a rate of its own a cached token is one of the input, in the tier too: a hit is never dearer than a miss.
        foreach (var read in CacheReads)
            product = product.With(read, rates[read]);
        return product;
    }

    private static readonly RateDimension[] CacheReads =
    [
        RateDimension.CacheRead,
        RateDimension.CacheReadAudio,
        RateDimension.CacheReadImage,
    ];

    private static decimal? Rounded(decimal? usd) => usd is { } stated ? Math.Round(stated, RatesReader.MaxDecimals) : null;
}
