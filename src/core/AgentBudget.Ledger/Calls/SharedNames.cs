namespace AgentBudget.Ledger;

/// <summary>
/// Gives sessions that use the same models and tools the same strings: thousands of sessions name a handful of them. Holds at most 1,024
/// names; a name that falls on the place of another takes it, and nothing but memory hangs on that.
/// </summary>
internal static class SharedNames
{
    private const int Places = 1_024;

    private static readonly string?[] Known = new string?[Places];

    /// <summary>The string that others have for this name, or this one.</summary>
    public static string Share(string name)
    {
        // Two threads at one place at once each leave a whole string there.
        ref var place = ref Known[name.GetHashCode(StringComparison.Ordinal) & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (string.Equals(known, name, StringComparison.Ordinal))
            return known!;
        Volatile.Write(ref place, name);
        return name;
    }
}
