using System.Globalization;
using AgentBudget.Pricing.Arithmetic;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>Relations between rates that are possible and mostly a mistake: for whoever reviews a table, never a reason to refuse
/// it.</summary>
internal static class TableOddities
{
    private const decimal LargestMove = 5m;
    private const decimal LargestServiceFactor = 10m;

    public static IEnumerable<string> In(IEnumerable<PriceRow> rows)
    {
        var all = rows.ToArray();
        foreach (var row in all)
        {
            foreach (var (place, stated, rates) in SheetsOf(row))
            {
                foreach (var oddity in OdditiesOf(rates).Concat(PartsThatStay(row, stated, rates)))
                    yield return $"{row.Id}{place}: {oddity}";
            }

            foreach (var oddity in ServiceOddities(row))
                yield return $"{row.Id}: {oddity}";
        }

        foreach (var oddity in NamesWithoutTiers(all).Concat(RegionOddities.In(all)))
            yield return oddity;
        foreach (var model in all.GroupBy(row => (row.Provider, row.Model)))
        {
            foreach (var name in model.First().Names.Where(name => ModelVersion.AreSiblings(name, model.Key.Model)))
                yield return $"{model.Key.Provider}/{model.Key.Model}: \"{name}\" looks like a sibling's name.";
            foreach (
                var oddity in Moves([.. model.Where(row => row.DailyWindow is null).OrderBy(row => row.From ?? DateTimeOffset.MinValue)])
            )
                yield return oddity;
        }
    }

    // With inheritance: what a tier does not state costs something all the same.
    private static IEnumerable<(string Place, Rates Stated, EffectiveRates Rates)> SheetsOf(PriceRow row)
    {
        yield return ("", row.Rates, EffectiveRates.From(row.Rates));
        foreach (var tier in row.ContextTiers)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $" above {tier.ThresholdInputTokens}");
            yield return (place, tier.Rates, EffectiveRates.From(tier.Rates, row.Rates));
        }

        foreach (var service in row.ServiceTiers)
            yield return ($" {service.Name}", service.Rates, EffectiveRates.From(service.Rates, row.Rates));
    }

    private static IEnumerable<string> OdditiesOf(EffectiveRates rates)
    {
        var input = rates[RateDimension.Input];
        var output = rates[RateDimension.Output];
        var write = rates[RateDimension.CacheWrite];
        if (rates[RateDimension.CacheRead] > input)
            yield return "a cache read costs more than input.";
        if (write < input && write > 0)
            yield return "a cache write costs less than input.";
        if (rates[RateDimension.CacheWriteOneHour] < write)
            yield return "an hour of cache costs less than five minutes.";
        if (output < input && output > 0)
            yield return "output costs less than input.";
    }

    // A part moves with its whole, unless somebody says that it does not.
    private static IEnumerable<string> PartsThatStay(PriceRow row, Rates stated, EffectiveRates rates)
    {
        var standard = EffectiveRates.From(row.Rates);
        foreach (var part in RateDimensions.All)
        {
            if (part.Parent is not { } whole || stated[part.Dimension] is not null || row.Rates[part.Dimension] is not > 0)
                continue;
            // A cache write below input is what storage costs, and no part of the input.
            if (part.Dimension == RateDimension.CacheWrite && standard[part.Dimension] < standard[whole])
                continue;
            if (rates[whole] > standard[whole] && rates[part.Dimension] <= standard[part.Dimension])
                yield return FormattableString.Invariant(
                    $"{part.Name} stays at {rates[part.Dimension]:0.#########} where its whole moves to {rates[whole]:0.#########}."
                );
        }
    }

    // Every rate that a tier states beside a standard one, or beside that of the part's whole.
    private static IEnumerable<string> ServiceOddities(PriceRow row)
    {
        var standard = EffectiveRates.From(row.Rates);
        foreach (var service in row.ServiceTiers)
        {
            foreach (var dimension in RateDimensions.All.Where(rate => rate.IsPerMillion).Select(rate => rate.Dimension))
            {
                if (service.Rates[dimension] is not { } usd || standard[dimension] is not (> 0 and var beside))
                    continue;
                // A cache hit can be as cheap as it gets outside of a batch, too.
                var isKept =
                    usd == beside && dimension is (RateDimension.CacheRead or RateDimension.CacheReadAudio or RateDimension.CacheReadImage);
                if (!(isKept && service.Name == "batch") && IsOdd(service.Name, usd / beside))
                    yield return FormattableString.Invariant(
                        $"{service.Name} {RateDimensions.Of(dimension).Name} costs {usd} beside {beside:0.#########}."
                    );
            }
        }
    }

    // A priority tier that is not dearer, or a batch that is not cheaper, is the standard one written twice.
    private static bool IsOdd(string tier, decimal factor) =>
        tier switch
        {
            "priority" => factor is <= 1 or > LargestServiceFactor,
            "batch" => factor is >= 1 or < 1 / LargestMove,
            "flex" => factor is > 1 or < 1 / LargestMove,
            _ => factor is < 1 or > LargestServiceFactor,
        };

    // A snapshot, or the name that moves with the newest one, is the same model where input and output cost the same: one that has no
    // thresholds then was forgotten by whoever stated those of the other.
    private static IEnumerable<string> NamesWithoutTiers(IReadOnlyList<PriceRow> rows)
    {
        var byName = rows.SelectMany(row => row.Names, (row, name) => (name, row))
            .ToLookup(pair => (pair.row.Provider, pair.name), pair => pair.row);
        foreach (var row in rows)
        {
            foreach (var name in row.Names)
            {
                foreach (var other in byName[(row.Provider, PlainNameOf(name))].Where(other => IsTiersApart(row, other)))
                    yield return $"{row.Provider}/{name} and {other.Id} cost the same and have other context tiers.";
            }
        }
    }

    private static string PlainNameOf(string name)
    {
        var plain = BedrockName.TryStripVersion(name, out var unversioned) ? unversioned : name;
        return (DateSuffix.TryStrip(plain, out var undated) ? undated : plain).ToString();
    }

    private static bool IsTiersApart(PriceRow one, PriceRow other) =>
        one.Until == other.Until
        && one.DailyWindow is null
        && other.DailyWindow is null
        && one.Rates[RateDimension.Input] == other.Rates[RateDimension.Input]
        && one.Rates[RateDimension.Output] == other.Rates[RateDimension.Output]
        && !one.ContextTiers.Select(tier => tier.FirstInputTokens).SequenceEqual(other.ContextTiers.Select(tier => tier.FirstInputTokens));

    private static IEnumerable<string> Moves(PriceRow[] rows)
    {
        for (var i = 1; i < rows.Length; i++)
        {
            var factor = rows[i - 1].Rates[RateDimension.Input] is > 0 and var before ? rows[i].Rates[RateDimension.Input] / before : null;
            if (factor is > LargestMove or < 1 / LargestMove)
                yield return $"{rows[i].Id}: input moves more than fivefold.";
            if (rows[i - 1].Until != rows[i].From)
                yield return $"{rows[i].Id}: begins when {rows[i - 1].Id} has not just ended.";
        }
    }
}
