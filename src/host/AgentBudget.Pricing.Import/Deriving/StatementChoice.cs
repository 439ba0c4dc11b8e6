using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Which statements about one name are believed. Where two or more sources agree on input and output they are right; otherwise the
/// one of whose rates others confirm the most is, and among equals the source that is nearest to the vendor. A source that dates its
/// prices knows more than snapshots do.
/// </summary>
internal sealed class StatementChoice
{
    /// <summary>A rate beyond this, in dollars per million tokens, that one source alone states is a slip of units.</summary>
    private const decimal LargestLoneRate = 1_000m;

    private StatementChoice(IReadOnlyList<Statement> believed, IReadOnlyList<Statement> others) => (Believed, Others) = (believed, others);

    /// <summary>Those that agree, the most trusted first.</summary>
    public IReadOnlyList<Statement> Believed { get; }

    /// <summary>Those that say something else.</summary>
    public IReadOnlyList<Statement> Others { get; }

    /// <summary>Chooses; null when nothing that was said can be believed.</summary>
    public static StatementChoice? Among(IReadOnlyList<Statement> statements, string name)
    {
        var ranked = statements.Where(statement => statement.Use == StatementUse.Price).OrderBy(Rank).ToArray();
        if (ranked.Length == 0)
            return null;
        var priced = Array.FindAll(ranked, statement => !IsFree(statement));
        if (priced.Length == 0 && !IsFreeCredible(ranked, name))
            return null;
        if (ranked.Length == 1 && ranked[0].Current.Standard.Rates.Values.Max() > LargestLoneRate)
            return null;
        var credible = priced.Length == 0 ? ranked : priced;
        var groups = credible.GroupBy(PriceOf).ToArray();
        var best =
            Array.Find(groups, group => group.Any(statement => statement is { IsExact: true, IsBorrowed: false, Rows.Count: > 1 }))
            ?? groups
                .OrderByDescending(group => group.Count())
                .ThenByDescending(group => SharedRates(group.Key, groups.Select(other => other.Key)))
                .ThenBy(group => Rank(group.First()))
                .First();
        var helpers = statements.Where(statement => statement.Use != StatementUse.Price && PriceOf(statement) == best.Key);
        return new([.. best, .. helpers], [.. ranked.Where(statement => !best.Contains(statement))]);
    }

    private static int Rank(Statement statement) =>
        statement switch
        {
            // Another seller's price, where somebody states this one's.
            { IsBorrowed: true } => 5,
            // The seller's own list.
            { Source: "OpenRouter" } => 0,
            { Source: "genai-prices", IsExact: true } => 1,
            { Source: "models.dev" } => 2,
            { Source: "litellm" } => 3,
            _ => 4,
        };

    // Where no two agree on both rates, one whose rates others confirm singly knows more than one that stands alone.
    private static int SharedRates((decimal? Input, decimal? Output) price, IEnumerable<(decimal? Input, decimal? Output)> all)
    {
        var others = all.Where(other => other != price).ToArray();
        var isInputShared = price.Input > 0 && others.Any(other => other.Input == price.Input);
        var isOutputShared = price.Output > 0 && others.Any(other => other.Output == price.Output);
        return (isInputShared ? 1 : 0) + (isOutputShared ? 1 : 0);
    }

    private static (decimal? Input, decimal? Output) PriceOf(Statement statement) =>
        (statement.Current.Standard[RateDimension.Input], statement.Current.Standard[RateDimension.Output]);

    // One collection's zeros are more often a hole in it than a gift of the vendor, and genai-prices takes OpenRouter's from its list.
    private static bool IsFreeCredible(Statement[] statements, string name) =>
        name.EndsWith(":free", StringComparison.Ordinal)
        || statements.Select(statement => statement.Source == "OpenRouter" ? "genai-prices" : statement.Source).Distinct().Count() > 1;

    private static bool IsFree(Statement statement) => statement.Rows.All(row => row.Standard.Rates.Values.All(usd => usd == 0));
}
