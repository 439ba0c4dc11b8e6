using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Sources that speak of one time. Those within two months of the first are one edition and vote; what is later is newer, and a newer
/// statement of a price is not outvoted by older ones.
/// </summary>
/// <param name="Day">The day of the newest source: up to it the edition's prices are known.</param>
/// <param name="Sources">The sources.</param>
internal sealed record Edition(DateOnly Day, IReadOnlyList<ISource> Sources)
{
    private const int MostDays = 60;

    /// <summary>All sources by edition, the oldest first.</summary>
    public static IReadOnlyList<Edition> Of(IEnumerable<ISource> sources)
    {
        var editions = new List<List<ISource>>();
        foreach (var source in sources.OrderBy(source => source.Day))
        {
            if (editions.Count == 0 || source.Day > editions[^1][0].Day.AddDays(MostDays))
                editions.Add([]);
            editions[^1].Add(source);
        }

        return [.. editions.Select(edition => new Edition(edition[^1].Day, edition))];
    }
}
