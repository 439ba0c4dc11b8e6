namespace AgentBudget.Ledger.Tenants;

/// <summary>What entries spent, by quarter hours: a cost counts in the window in which it was recorded, whoever hears of it
/// later.</summary>
internal static class QuarterSums
{
    public static IReadOnlyList<QuarterSum> Of(IReadOnlyList<Entry> entries)
    {
        var quarters = new SortedDictionary<long, Money>();
        foreach (var entry in entries)
            Add(quarters, entry);
        return Of(quarters);
    }

    private static void Add(SortedDictionary<long, Money> quarters, Entry entry)
    {
        if (entry.Holder is { } change)
        {
            foreach (var sum in change.ByQuarter)
                Add(quarters, sum.Quarter, sum.Amount);
        }
        else if (entry.IsCost)
        {
            Add(quarters, QuarterSum.Of(entry.At), entry.Amount);
        }
    }

    private static IReadOnlyList<QuarterSum> Of(SortedDictionary<long, Money> quarters) =>
        [.. quarters.Where(pair => pair.Value != Money.Zero).Select(pair => new QuarterSum(pair.Key, pair.Value))];

    /// <summary>A stamp that is ahead of the ledger's own time counts in its own quarter hour.</summary>
    public static IReadOnlyList<QuarterSum> Clamped(IReadOnlyList<QuarterSum> sums, DateTimeOffset now)
    {
        var latest = QuarterSum.Of(now);
        if (sums.All(sum => sum.Quarter <= latest))
            return sums;
        var quarters = new SortedDictionary<long, Money>();
        foreach (var sum in sums)
            Add(quarters, Math.Min(sum.Quarter, latest), sum.Amount);
        return Of(quarters);
    }

    private static void Add(SortedDictionary<long, Money> quarters, long quarter, Money amount) =>
        quarters[quarter] = quarters.GetValueOrDefault(quarter) + amount;
}
