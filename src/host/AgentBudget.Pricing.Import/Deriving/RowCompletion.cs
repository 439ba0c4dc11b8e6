namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Fills a newer row with what its sources do not keep: parts of input and output, context and service tiers keep the proportion to their
/// whole that they had, fees stay.
/// </summary>
internal static class RowCompletion
{
    public static RowEntry Complete(RowEntry newer, RowEntry older)
    {
        var tiers = new SortedDictionary<string, RateSheet>(newer.ServiceTiers, StringComparer.Ordinal);
        foreach (var (name, sheet) in older.ServiceTiers)
            tiers[name] = tiers.TryGetValue(name, out var stated)
                ? Sheet(stated, sheet)
                : InProportion(sheet, older.Standard, newer.Standard);
        var regions = new SortedDictionary<string, decimal>(newer.Regions, StringComparer.Ordinal);
        foreach (var (name, factor) in older.Regions)
            regions.TryAdd(name, factor);
        return newer with
        {
            Standard = Sheet(newer.Standard, older.Standard),
            ServiceTiers = tiers,
            Regions = regions,
            MinWebSearches = Math.Max(newer.MinWebSearches, older.MinWebSearches),
            Others = newer.WithOthers(older),
            TiersIncludeThreshold = newer.TiersIncludeThreshold || older.TiersIncludeThreshold,
        };
    }

    /// <summary>The first of two rows, with the dearer of both, rate by rate and factor by factor.</summary>
    public static RowEntry Dearer(RowEntry one, RowEntry other)
    {
        var tiers = new SortedDictionary<string, RateSheet>(one.ServiceTiers, StringComparer.Ordinal);
        foreach (var (name, sheet) in other.ServiceTiers)
            tiers[name] = tiers.TryGetValue(name, out var known) ? Dearer(known, sheet) : sheet;
        var regions = new SortedDictionary<string, decimal>(one.Regions, StringComparer.Ordinal);
        foreach (var (name, factor) in other.Regions)
            regions[name] = Math.Max(factor, regions.GetValueOrDefault(name));
        return one with
        {
            Standard = Dearer(one.Standard, other.Standard),
            ServiceTiers = tiers,
            Regions = regions,
            MinWebSearches = Math.Max(one.MinWebSearches, other.MinWebSearches),
            TiersIncludeThreshold = one.TiersIncludeThreshold || other.TiersIncludeThreshold,
        };
    }

    private static RateSheet Dearer(RateSheet one, RateSheet other)
    {
        var dearer = new RateSheet();
        foreach (var dimension in one.Rates.Keys.Union(other.Rates.Keys))
            dearer.Set(dimension, Max(Rate(one, dimension, 0), Rate(other, dimension, 0)));
        foreach (var threshold in one.Tiers.Keys.Union(other.Tiers.Keys))
        {
            foreach (var dimension in one.Rates.Keys.Union(other.Rates.Keys).Where(RateSheet.IsTokens))
                dearer.SetTier(threshold, dimension, Max(Rate(one, dimension, threshold), Rate(other, dimension, threshold)));
        }

        return dearer;
    }

    private static decimal? Rate(RateSheet sheet, RateDimension dimension, long threshold) =>
        RateSheet.IsTokens(dimension) ? sheet.Effective(dimension, threshold) : sheet[dimension];

    private static decimal? Max(decimal? one, decimal? other) => one is null || other > one ? other : one;

    private static RateSheet Sheet(RateSheet newer, RateSheet older)
    {
        var scaled = InProportion(older, older, newer);
        var whole = new RateSheet().With(newer);
        foreach (var (dimension, usd) in scaled.Rates)
            whole.Set(dimension, newer[dimension] ?? usd);
        if (newer.Tiers.Count == 0)
        {
            foreach (var (threshold, rates) in scaled.Tiers)
            {
                foreach (var (dimension, usd) in rates)
                    whole.SetTier(threshold, dimension, usd);
            }
        }

        foreach (var (threshold, rates) in newer.Tiers)
        {
            // What the newer tier leaves open moves with its whole, as it does at every vendor that states both.
            foreach (var dimension in whole.Rates.Keys.Where(dimension => RateSheet.IsTokens(dimension) && !rates.ContainsKey(dimension)))
                whole.SetTier(threshold, dimension, whole[dimension] * Factor(dimension, rates, newer));
        }

        return whole;
    }

    private static decimal Factor(RateDimension dimension, SortedDictionary<RateDimension, decimal> rates, RateSheet standard) =>
        rates.TryGetValue(WholeOf(dimension), out var beyond) && standard[WholeOf(dimension)] is { } usd && usd > 0 ? beyond / usd : 1;

    private static RateSheet InProportion(RateSheet sheet, RateSheet from, RateSheet to)
    {
        var moved = new RateSheet();
        foreach (var (dimension, usd) in sheet.Rates)
            moved.Set(dimension, usd * Ratio(dimension, from, to));
        foreach (var (threshold, rates) in sheet.Tiers)
        {
            foreach (var (dimension, usd) in rates)
                moved.SetTier(threshold, dimension, usd * Ratio(dimension, from, to));
        }

        return moved;
    }

    private static decimal Ratio(RateDimension dimension, RateSheet from, RateSheet to) =>
        RateSheet.IsTokens(dimension)
        && from[WholeOf(dimension)] is { } before
        && before > 0
        && to[WholeOf(dimension)] is { } after
        && after > 0
            ? after / before
            : 1;

    private static RateDimension WholeOf(RateDimension dimension)
    {
        while (RateSheet.ParentOf(dimension) is { } parent)
            dimension = parent;
        return dimension;
    }
}
