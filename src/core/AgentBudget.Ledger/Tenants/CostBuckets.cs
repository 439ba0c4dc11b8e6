namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// The classes of a histogram of costs, each 2 % wide: what lies in the middle of one is within 1 % of all that is in it. Whole
/// nano-dollars, so that a class is the same on every machine.
/// </summary>
internal static class CostBuckets
{
    // From a width of one nano-dollar on they grow by a fiftieth.
    private const long Part = 50;

    private static readonly long[] Starts = Make();

    /// <summary>How many there are.</summary>
    public static int Count => Starts.Length;

    /// <summary>The class that an amount is in; what is zero or less is in the first.</summary>
    public static int Of(Money amount)
    {
        var index = Array.BinarySearch(Starts, Math.Max(0, amount.NanoDollars));
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>The amount that stands for a class.</summary>
    public static Money Middle(int bucket)
    {
        var start = Starts[bucket];
        var last = (bucket + 1 < Starts.Length ? Starts[bucket + 1] : start + 1) - 1;
        return Money.FromNanoDollars(start + ((last - start) / 2));
    }

    private static long[] Make()
    {
        var starts = new List<long> { 0, 1 };
        while (starts[^1] <= long.MaxValue / 2)
            starts.Add(starts[^1] + Math.Max(1, starts[^1] / Part));
        return [.. starts];
    }
}
