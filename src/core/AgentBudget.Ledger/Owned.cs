namespace AgentBudget.Ledger;

/// <summary>
/// Collections of immutable types: a caller may change its own afterwards, so it is copied once, when it is set. A null stays one, for
/// the check of the values to name it.
/// </summary>
internal static class Owned
{
    /// <summary>The values, as an array that nobody else holds.</summary>
    public static T[] ListOf<T>(IReadOnlyList<T> values) =>
        values is null ? null!
        : values.Count == 0 ? []
        : [.. values];

    /// <summary>The pairs, as a map that nobody else holds.</summary>
    public static Dictionary<string, T> MapOf<T>(IReadOnlyDictionary<string, T> pairs) =>
        pairs is null ? null!
        : pairs.Count == 0 ? EmptyMap<T>.Value
        : new(pairs, StringComparer.Ordinal);

    // Never added to: most sessions have no tags, and no tool of theirs has rules of its own.
    private static class EmptyMap<T>
    {
        public static readonly Dictionary<string, T> Value = new(0);
    }
}
