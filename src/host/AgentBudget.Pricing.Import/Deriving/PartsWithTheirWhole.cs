namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// A part of which a dearer tier says nothing keeps its proportion to its whole: an hour of cache beyond a threshold, a cache write in a
/// priority tier. A tier that is cheaper moves nothing that it does not state.
/// </summary>
internal static class PartsWithTheirWhole
{
    /// <summary>A row with what its tiers leave open.</summary>
    public static RowEntry In(RowEntry row)
    {
        var standard = new RateSheet().With(row.Standard);
        foreach (var (threshold, rates) in row.Standard.Tiers)
            Fill(rates, row.Standard, 0, (dimension, usd) => standard.SetTier(threshold, dimension, usd));
        var tiers = new SortedDictionary<string, RateSheet>(StringComparer.Ordinal);
        foreach (var (name, sheet) in row.ServiceTiers)
        {
            var special = new RateSheet().With(sheet);
            Fill(sheet.Rates, standard, 0, special.Set);
            foreach (var (threshold, rates) in sheet.Tiers)
                Fill(rates, standard, threshold, (dimension, usd) => special.SetTier(threshold, dimension, usd));
            tiers[name] = special;
        }

        return row with
        {
            Standard = standard,
            ServiceTiers = tiers,
        };
    }

    // Every whole stands before its parts in the order of dimensions, so that what was filled moves what is part of it.
    private static void Fill(
        SortedDictionary<RateDimension, decimal> stated,
        RateSheet standard,
        long inputTokens,
        Action<RateDimension, decimal?> set
    )
    {
        var tier = new SortedDictionary<RateDimension, decimal>(stated);
        foreach (var dimension in standard.Rates.Keys.Where(key => !stated.ContainsKey(key)))
        {
            if (!RateSheet.IsTokens(dimension) || RateSheet.ParentOf(dimension) is not { } whole || !tier.TryGetValue(whole, out var moved))
                continue;
            // A cache write that is cheaper than input is what storage costs, and no part of the input.
            if (dimension == RateDimension.CacheWrite && standard[dimension] < standard[RateDimension.Input])
                continue;
            if (standard.Effective(whole, inputTokens) is not (> 0 and var before) || moved <= before)
                continue;
            tier[dimension] = standard.Effective(dimension, inputTokens)!.Value * moved / before;
            set(dimension, tier[dimension]);
        }
    }
}
