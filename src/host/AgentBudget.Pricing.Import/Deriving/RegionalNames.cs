using System.Globalization;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Names of a model in a region (<c>us/gpt-5.6</c>), for which a rule of the provider has a factor. Where the newest edition knows the
/// model and not the region, or speaks of the region by a source alone that it does not believe about the model, the region follows the
/// model at that factor, if it had that factor before.
/// </summary>
/// <param name="provider">The provider, with its rules.</param>
/// <param name="newest">The day of the newest edition.</param>
internal sealed class RegionalNames(ProviderMapping provider, DateOnly newest)
{
    // Sources round to the cent.
    private const decimal MostApart = 0.01m;

    // A region that costs less than this of its model has the price of another model.
    private const decimal LeastPart = 0.8m;

    /// <summary>Lets them follow.</summary>
    /// <param name="derived">All names; those that follow are replaced.</param>
    public void FollowTheirModel(Dictionary<string, DerivedName> derived)
    {
        foreach (var name in derived.Values.ToArray())
        {
            if (
                !RegionName.TryStrip(name.Name, out var region, out var modelName)
                || !derived.TryGetValue(modelName, out var model)
                || model is not { Older: { } before, Newest: { } now }
                || FactorOf(modelName, region) is not { } factor
            )
                continue;
            if (name.KnownUntil < newest && HasMoved(before, now) && Costs(PriceOf(name), factor, PriceOf(before)))
                derived[name.Name] = name.FollowedBy(InRegion(name.Name, now, factor));
            else if (name is { Older: { } known, Newest: { } stated } && IsOfADisbelievedSource(stated, now, factor))
                derived[name.Name] = Followed(known, InRegion(name.Name, now, factor));
        }
    }

    /// <summary>Drops those that are far cheaper than their model, which then costs there what it costs elsewhere: a slip of the one source
    /// that lists them would let a budget overrun.</summary>
    /// <param name="derived">All names; those are removed.</param>
    public static void DropCheapOnes(Dictionary<string, DerivedName> derived)
    {
        foreach (var name in derived.Values.ToArray())
        {
            if (!RegionName.TryStrip(name.Name, out _, out var modelName) || !derived.TryGetValue(modelName, out var model))
                continue;
            var (stated, whole) = (PriceOf(name), PriceOf(model));
            if (SourcesOf(name) == 1 && stated.Input < LeastPart * whole.Input && stated.Output < LeastPart * whole.Output)
                derived.Remove(name.Name);
        }
    }

    private static DerivedName Followed(DerivedName known, DerivedName newer) =>
        known.IsConfirmedBy(newer) ? known.ConfirmedBy(newer) : known.FollowedBy(newer);

    private decimal? FactorOf(string model, string region) =>
        provider
            .Rules.Where(rule => rule.AppliesTo(model) && rule.Regions.ContainsKey(region))
            .Select(rule => (decimal?)rule.Regions[region])
            .FirstOrDefault();

    private static bool HasMoved(DerivedName before, DerivedName now) => PriceOf(before) != PriceOf(now);

    private static bool IsOfADisbelievedSource(DerivedName stated, DerivedName now, decimal factor)
    {
        if (SourcesOf(stated) != 1)
            return false;
        var source = stated.Statements[0].Source;
        var own = now.Statements.FirstOrDefault(statement => statement.Source == source && statement.Use == StatementUse.Price);
        if (own is null)
            return false;
        return PriceOf(own) != PriceOf(now) && Costs(PriceOf(stated), factor, PriceOf(own));
    }

    // Those that state the price that is believed of it.
    private static int SourcesOf(DerivedName name) =>
        name
            .Statements.Where(statement => statement.Use == StatementUse.Price && PriceOf(statement) == PriceOf(name))
            .Select(statement => statement.Source)
            .Distinct()
            .Count();

    private static (decimal? Input, decimal? Output) PriceOf(Statement statement) =>
        (statement.Current.Standard[RateDimension.Input], statement.Current.Standard[RateDimension.Output]);

    private static (decimal? Input, decimal? Output) PriceOf(DerivedName name)
    {
        var sheet = Succession.HoldingOn(name.Rows, name.KnownUntil).Standard;
        return (sheet[RateDimension.Input], sheet[RateDimension.Output]);
    }

    private static bool Costs((decimal? Input, decimal? Output) region, decimal factor, (decimal? Input, decimal? Output) model)
    {
        return IsNear(region.Input, model.Input) && IsNear(region.Output, model.Output);

        bool IsNear(decimal? stated, decimal? whole) => whole > 0 && Math.Abs((stated ?? 0) / whole.Value / factor - 1) <= MostApart;
    }

    // No statement of its own: what the newest edition lists is the model, and whatever else is said of it holds for that name.
    private DerivedName InRegion(string name, DerivedName model, decimal factor) =>
        new(
            name,
            [],
            [
                .. model.Rows.Select(row =>
                    row with
                    {
                        Standard = row.Standard.Times(factor),
                        ServiceTiers = Times(row.ServiceTiers, factor),
                        Regions = [],
                        Note = string.Create(
                            CultureInfo.InvariantCulture,
                            $"{factor} times {model.Name}, as before its price moved; the day of the change is not known."
                        ),
                    }
                ),
            ],
            newest
        );

    private static SortedDictionary<string, RateSheet> Times(SortedDictionary<string, RateSheet> tiers, decimal factor)
    {
        var moved = new SortedDictionary<string, RateSheet>(StringComparer.Ordinal);
        foreach (var (name, sheet) in tiers)
            moved[name] = sheet.Times(factor);
        return moved;
    }
}
