using System.Globalization;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Names that move from model to model (<c>gemini-flash-latest</c>). When one moves, what the newer source leaves open is that of the model
/// that it stands for now, and not that of the one before in proportion.
/// </summary>
internal static class MovingNames
{
    /// <summary>Whether a name is one that moves.</summary>
    public static bool Includes(string name) => name.EndsWith("latest", StringComparison.Ordinal);

    /// <summary>Lets those that have moved cost what their model costs.</summary>
    /// <param name="derived">All names; those that have moved are replaced.</param>
    /// <param name="newest">The day of the newest edition.</param>
    public static void FollowTheirModel(Dictionary<string, DerivedName> derived, DateOnly newest)
    {
        var listed = derived.Values.Where(name => name.KnownUntil == newest && !Includes(name.Name)).ToArray();
        foreach (var name in derived.Values.Where(name => Includes(name.Name) && name.Newest is not null).ToArray())
        {
            var moved = Succession.HoldingOn(name.Rows, newest);
            if (moved.From is null || ModelOf(name.Name, moved, listed, newest) is not { } model)
                continue;
            var row = Succession.HoldingOn(model.Rows, newest);
            row = row with
            {
                Standard = row.Standard.WithFeesOf(moved.Standard),
                From = moved.From,
                Until = moved.Until,
                Source = moved.Source,
                Retrieved = moved.Retrieved,
                Note = $"{moved.Note} The rest as {model.Name}.",
            };
            if (row.Matches(moved))
                continue;
            derived[name.Name] = name with { Rows = [.. name.Rows.Select(known => ReferenceEquals(known, moved) ? row : known)] };
        }
    }

    // The newest of those that say no more than a version beside its own words, and cost the same.
    private static DerivedName? ModelOf(string name, RowEntry row, DerivedName[] listed, DateOnly newest)
    {
        var words = WordsOf(name).Where(word => word != "latest").ToArray();
        return listed
            .Where(other => IsOfFamily(WordsOf(other.Name), words) && CostTheSame(row, Succession.HoldingOn(other.Rows, newest)))
            .OrderBy(other => WordsOf(other.Name).Length)
            .ThenByDescending(other => other.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static bool IsOfFamily(string[] model, string[] words) =>
        words.All(model.Contains)
        && model.Except(words).All(word => word == "preview" || decimal.TryParse(word, CultureInfo.InvariantCulture, out _));

    private static string[] WordsOf(string name) => name.Split(['-', '/', '~'], StringSplitOptions.RemoveEmptyEntries);

    private static bool CostTheSame(RowEntry one, RowEntry other) =>
        new[] { RateDimension.Input, RateDimension.Output, RateDimension.CacheRead }.All(dimension =>
            one.Standard.Effective(dimension) == other.Standard.Effective(dimension)
        );
}
