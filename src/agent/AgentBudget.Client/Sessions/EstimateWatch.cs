namespace AgentBudget.Client.Sessions;

/// <summary>Notices calls that cost far more than was estimated, and says it once for each model or tool of a session.</summary>
internal sealed class EstimateWatch
{
    /// <summary>How many times the estimate is far above it.</summary>
    private const int Far = 2;

    /// <summary>How often is again and again.</summary>
    private const int Often = 3;

    private const int MostNames = Bounds.Categories;

    private readonly Lock gate = new();
    private readonly Dictionary<string, UnderestimatedCalls> seen = new(StringComparer.Ordinal);

    /// <summary>Sees what a call cost.</summary>
    /// <param name="name">The model or tool.</param>
    /// <param name="estimated">The most that it was estimated at.</param>
    /// <param name="cost">What it cost.</param>
    /// <returns>What is to be said now; null for nothing.</returns>
    public UnderestimatedCalls? See(string name, Money estimated, Money cost)
    {
        if (cost == Money.Zero || cost.NanoDollars / Far < estimated.NanoDollars)
            return null;
        lock (gate)
        {
            if (!seen.TryGetValue(name, out var known) && seen.Count >= MostNames)
                return null;
            known ??= new UnderestimatedCalls(name, 0, Money.Zero, Money.Zero);
            // Said once; what comes after it is not counted any more.
            if (known.Calls >= Often)
                return null;
            seen[name] = known = new(name, known.Calls + 1, known.Estimated + estimated, known.Cost + cost);
            return known.Calls == Often ? known : null;
        }
    }
}
