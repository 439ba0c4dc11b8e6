using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Names that the newest edition does not list, of a model that it lists by another name: they follow where they cost the same before.
/// A name that moves from model to model (<c>-latest</c>) follows nothing but what is said of itself.
/// </summary>
internal static class SameModel
{
    private const string BedrockHome = "us.";

    /// <summary>Lets them follow.</summary>
    /// <param name="derived">All names; those that follow are replaced.</param>
    /// <param name="newest">The day of the newest edition.</param>
    public static void FollowTheNewest(Dictionary<string, DerivedName> derived, DateOnly newest)
    {
        var listed = derived.Values.Where(name => name.Newest is not null && !MovingNames.Includes(name.Name)).ToArray();
        var byStem = listed.ToLookup(name => StemOf(name.Name), StringComparer.Ordinal);
        var byGroup = listed
            .SelectMany(name => name.Older!.Statements, (name, statement) => (statement.Group, Name: name))
            .ToLookup(pair => pair.Group, pair => pair.Name);
        foreach (var name in derived.Values.Where(name => name.KnownUntil < newest && !MovingNames.Includes(name.Name)).ToArray())
        {
            var sameModel = byStem[StemOf(name.Name)].Concat(name.Statements.SelectMany(statement => byGroup[statement.Group]));
            var known = sameModel.FirstOrDefault(other => name.AgreesWith(other.Older!))?.Newest ?? AtHome(name, derived, newest);
            if (known is not null)
                derived[name.Name] = name.FollowedBy(known);
        }
    }

    // Amazon sells a name without a region in its own regions, at the price of those and not at that of its global profile.
    private static DerivedName? AtHome(DerivedName name, Dictionary<string, DerivedName> derived, DateOnly newest) =>
        derived.TryGetValue(BedrockHome + name.Name, out var home) && home.KnownUntil == newest ? home.Newest ?? home : null;

    /// <summary>A name without the version and the date behind it.</summary>
    public static string StemOf(string name)
    {
        var plain = BedrockName.TryStripVersion(name, out var unversioned) ? unversioned : name;
        return DateSuffix.TryStrip(plain, out var stem) ? stem.ToString() : plain.ToString();
    }
}
