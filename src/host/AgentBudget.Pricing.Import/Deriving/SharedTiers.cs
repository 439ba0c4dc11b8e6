using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Context tiers of names for one model: where a source states them under one name and nobody under another that costs the same, both have
/// them. A name whose tiers have ended keeps none, and neither gets one any that litellm, the one source that keeps them for every seller,
/// lists without.
/// </summary>
internal static class SharedTiers
{
    /// <summary>Shares them.</summary>
    /// <param name="derived">All names; those that lack tiers are replaced.</param>
    public static void Among(Dictionary<string, DerivedName> derived)
    {
        var givers = derived.Values.Where(name => Holding(name).Standard.Tiers.Count > 0).ToArray();
        var byStem = givers.ToLookup(name => SameModel.StemOf(name.Name), StringComparer.Ordinal);
        var byGroup = givers
            .SelectMany(name => name.Statements, (name, statement) => (statement.Group, Name: name))
            .ToLookup(pair => pair.Group, pair => pair.Name);
        foreach (var name in derived.Values.Where(LacksThem).ToArray())
        {
            var rows = byStem[SameModel.StemOf(name.Name)]
                .Concat(name.Statements.SelectMany(statement => byGroup[statement.Group]))
                .SelectMany(RowsOf)
                .ToArray();
            if (rows.Length > 0)
                derived[name.Name] = name with { Rows = [.. name.Rows.Select(row => WithTiers(row, rows))] };
        }
    }

    private static bool LacksThem(DerivedName name) =>
        name.Rows.All(row => row.Standard.Tiers.Count == 0)
        && !name.Statements.Any(statement => statement is { Source: "litellm", Use: StatementUse.Price });

    private static RowEntry Holding(DerivedName name) => Succession.HoldingOn(name.Rows, name.KnownUntil);

    // What it cost before a newer edition, too: a name that the newer one does not list is compared with that.
    private static IEnumerable<RowEntry> RowsOf(DerivedName name) =>
        new[] { name, name.Older }.OfType<DerivedName>().Select(Holding).Where(row => row.Standard.Tiers.Count > 0);

    private static RowEntry WithTiers(RowEntry row, RowEntry[] givers)
    {
        if (Array.Find(givers, giver => CostTheSame(row.Standard, giver.Standard)) is not { } found)
            return row;
        return row with { Standard = row.Standard.WithTiersOf(found.Standard), TiersIncludeThreshold = found.TiersIncludeThreshold };
    }

    private static bool CostTheSame(RateSheet one, RateSheet other) =>
        new[] { RateDimension.Input, RateDimension.Output, RateDimension.CacheRead }.All(dimension =>
            one.Effective(dimension) == other.Effective(dimension)
        );
}
