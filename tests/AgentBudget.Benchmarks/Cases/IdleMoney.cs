namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What of a tenant's money lay idle at an instant, by the timelines of all its ledgers: free at a tenant, or in the hand of a session that
/// had not set it aside. What is on its way between two of them is nobody's yet.
/// </summary>
internal sealed class IdleMoney
{
    private readonly List<(DateTimeOffset At, Money Change)> changes = [];
    private DateTimeOffset[] times = [];
    private Money[] sums = [];

    /// <summary>Reads the timelines of all of them, of which the topmost tenant has such a limit.</summary>
    public static async Task<IdleMoney> ReadAsync(
        IGrainFactory grains,
        IReadOnlyList<string> tenants,
        IBudgetSession[] sessions,
        Money limit
    )
    {
        var idle = new IdleMoney();
        idle.changes.Add((DateTimeOffset.MinValue, limit));
        foreach (var path in tenants)
            await idle.AddAsync((from, count) => grains.GetGrain<ITenantBudget>(path).TimelineAsync(from, count));
        foreach (var some in sessions.Chunk(100))
            await Task.WhenAll(some.Select(session => idle.AddAsync(session.TimelineAsync)));
        idle.Sum();
        return idle;
    }

    /// <summary>What lay idle then.</summary>
    public Money At(DateTimeOffset time)
    {
        var place = Array.BinarySearch(times, time);
        return sums[place >= 0 ? place : Math.Max(0, ~place - 1)];
    }

    private async Task AddAsync(Func<long, int, Task<TimelinePage?>> read)
    {
        var returned = new Dictionary<string, Money>(StringComparer.Ordinal);
        for (var from = 1L; await read(from, 500) is { Entries: [.., var last] entries }; from = last.Sequence + 1)
        {
            lock (changes)
                changes.AddRange(entries.Select(entry => (entry.At, ChangeOf(entry, returned))));
        }
    }

    // Calls are settled at what was reserved for them: a settlement brings nothing back.
    private static Money ChangeOf(Entry entry, Dictionary<string, Money> returned) =>
        entry.Kind switch
        {
            EntryKind.Opened => entry.Link?.Granted ?? Money.Zero,
            EntryKind.GrantTaken => entry.Amount,
            EntryKind.MoneyReturned or EntryKind.Reserved or EntryKind.HolderOpened or EntryKind.HolderGranted => -entry.Amount,
            EntryKind.HolderReported or EntryKind.HolderRegistered when entry.Holder is { } holder => Growth(holder.Row, returned),
            _ => Money.Zero,
        };

    private static Money Growth(HolderRow row, Dictionary<string, Money> returned)
    {
        var growth = row.GivenBack - returned.GetValueOrDefault(row.HolderId);
        returned[row.HolderId] = row.GivenBack;
        return growth;
    }

    private void Sum()
    {
        (DateTimeOffset At, Money Change)[] ordered = [.. changes.OrderBy(change => change.At)];
        (times, sums) = (new DateTimeOffset[ordered.Length], new Money[ordered.Length]);
        var sum = Money.Zero;
        for (var i = 0; i < ordered.Length; i++)
            (times[i], sums[i]) = (ordered[i].At, sum += ordered[i].Change);
    }
}
