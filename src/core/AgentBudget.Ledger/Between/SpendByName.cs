namespace AgentBudget.Ledger.Between;

/// <summary>
/// What a range of entries spent, by names and quarter hours, for the tenants above. Models and tools add up to all that was spent; what
/// has no agent, or not the tag, stands under no name of it, and is named by the first ledger above that has one.
/// </summary>
internal sealed class SpendByName
{
    /// <summary>Names of one kind that a report tells apart at most.</summary>
    public const int MostNames = 256;

    /// <summary>Tags by which it tells them apart at most.</summary>
    public const int MostTags = 32;

    private readonly Dictionary<(SpendBy By, string? Tag, string Name, long Quarter), (Money Amount, long Calls)> sums = [];
    private readonly BudgetSessionOptions options;
    private readonly IReadOnlyList<string> tagNames;

    private SpendByName(BudgetSessionOptions options, IReadOnlyList<string> tagNames) =>
        (this.options, this.tagNames) = (options, tagNames);

    /// <summary>The sums of consecutive entries of a ledger; none where no tenant pays.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="tagNames">Tags that have room before others; null for none.</param>
    public static IReadOnlyList<NamedSum> Of(SessionHead head, IReadOnlyList<Entry> entries, IReadOnlyList<string>? tagNames = null)
    {
        if (head.Options is not { Tenant: not null } options)
            return [];
        var sums = new SpendByName(options, tagNames ?? []);
        foreach (var entry in entries)
            sums.Add(entry);
        return sums.Bounded();
    }

    /// <summary>What is booked as the difference of two totals: of one holder, and of nothing else.</summary>
    public static IReadOnlyList<NamedSum> OfDifference(SessionHead head, string holderId, Money amount, DateTimeOffset now) =>
        head.Options is not { Tenant: not null }
            ? []
            :
            [
                new NamedSum
                {
                    Quarter = QuarterSum.Of(now),
                    By = SpendBy.Tool,
                    Name = holderId,
                    Amount = amount,
                },
            ];

    /// <summary>A stamp that is ahead of the ledger's own time counts in its own quarter hour.</summary>
    public static IReadOnlyList<NamedSum> Clamped(IReadOnlyList<NamedSum> sums, DateTimeOffset now)
    {
        var latest = QuarterSum.Of(now);
        return sums.All(sum => sum.Quarter <= latest)
            ? sums
            : [.. sums.Select(sum => sum with { Quarter = Math.Min(sum.Quarter, latest) })];
    }

    private void Add(Entry entry)
    {
        if (entry.Holder is { } change)
            AddOfHolder(change);
        else if (entry is { IsCost: true, Call: { } call })
            Add(call, QuarterSum.Of(entry.At), entry.Amount, EntryKinds.Of(entry).IsCost ? 1 : 0);
    }

    private void Add(Call call, long quarter, Money amount, long calls)
    {
        Add(call.Kind == CallKind.Model ? SpendBy.Model : SpendBy.Tool, null, call.Name, quarter, amount, calls);
        if ((call.Agent ?? options.Agent) is { } agent)
            Add(SpendBy.Agent, null, agent, quarter, amount, calls);
        foreach (var (tag, value) in options.Tags)
            Add(SpendBy.Tag, tag, value, quarter, amount, calls);
    }

    private void AddOfHolder(HolderChange change)
    {
        foreach (var sum in change.ByName)
            Add(sum.By, sum.Tag, sum.Name, sum.Quarter, sum.Amount, sum.Calls);
        // A tenant names nothing itself.
        if (options is { Agent: null, Tags.Count: 0 })
            return;
        foreach (var quarter in change.ByName.GroupBy(sum => sum.Quarter))
        {
            if (options.Agent is { } agent)
                AddRest(quarter, SpendBy.Agent, null, agent);
            foreach (var (tag, value) in options.Tags)
                AddRest(quarter, SpendBy.Tag, tag, value);
        }
    }

    // What a child has not named is its parent's.
    private void AddRest(IGrouping<long, NamedSum> quarter, SpendBy by, string? tag, string name)
    {
        var (amount, calls) = (Money.Zero, 0L);
        foreach (var sum in quarter)
        {
            if (sum.By is SpendBy.Model or SpendBy.Tool)
                (amount, calls) = (amount + sum.Amount, calls + sum.Calls);
            else if (sum.By == by && sum.Tag == tag)
                (amount, calls) = (amount - sum.Amount, calls - sum.Calls);
        }

        if (amount != Money.Zero || calls != 0)
            Add(by, tag, name, quarter.Key, amount, calls);
    }

    private void Add(SpendBy by, string? tag, string name, long quarter, Money amount, long calls)
    {
        var key = (by, tag, name, quarter);
        var before = sums.GetValueOrDefault(key);
        sums[key] = (before.Amount + amount, before.Calls + calls);
    }

    private IReadOnlyList<NamedSum> Bounded()
    {
        var kinds = sums.GroupBy(pair => (pair.Key.By, pair.Key.Tag)).ToArray();
        var tags = kinds
            .Where(kind => kind.Key.Tag is not null)
            .OrderBy(kind => tagNames.Contains(kind.Key.Tag!) ? 0 : 1)
            .ThenBy(kind => kind.Key.Tag, StringComparer.Ordinal);
        return
        [
            .. kinds
                .Where(kind => kind.Key.Tag is null)
                .Concat(tags.Take(MostTags))
                .SelectMany(Bounded)
                .OrderBy(sum => sum.By)
                .ThenBy(sum => sum.Tag, StringComparer.Ordinal)
                .ThenBy(sum => sum.Name, StringComparer.Ordinal)
                .ThenBy(sum => sum.Quarter),
        ];
    }

    private static IEnumerable<NamedSum> Bounded(
        IGrouping<
            (SpendBy By, string? Tag),
            KeyValuePair<(SpendBy By, string? Tag, string Name, long Quarter), (Money Amount, long Calls)>
        > kind
    )
    {
        var names = kind.GroupBy(pair => pair.Key.Name).ToArray();
        var kept =
            names.Length <= MostNames
                ? null
                : names
                    .OrderByDescending(name => name.Sum(pair => (decimal)pair.Value.Amount.NanoDollars))
                    .ThenBy(name => name.Key, StringComparer.Ordinal)
                    .Take(MostNames)
                    .Select(name => name.Key)
                    .ToHashSet();
        return kind.GroupBy(pair =>
                (Name: kept is null || kept.Contains(pair.Key.Name) ? pair.Key.Name : Breakdown.OtherName, pair.Key.Quarter)
            )
            .Select(pairs => new NamedSum
            {
                Quarter = pairs.Key.Quarter,
                By = kind.Key.By,
                Tag = kind.Key.Tag,
                Name = pairs.Key.Name,
                Amount = pairs.Aggregate(Money.Zero, (sum, pair) => sum + pair.Value.Amount),
                Calls = pairs.Sum(pair => pair.Value.Calls),
            });
    }
}
