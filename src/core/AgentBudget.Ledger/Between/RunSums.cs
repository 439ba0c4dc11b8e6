using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>Which sessions ended in a range of entries, and at what cost, for the tenants above.</summary>
internal static class RunSums
{
    /// <summary>The runs of consecutive entries of a ledger; none where no tenant pays. A carved child is a part of a run.</summary>
    public static IReadOnlyList<RunSum> Of(SessionHead head, IReadOnlyList<Entry> entries)
    {
        if (head.Options is not { Tenant: not null } || head.Link is not { IsCarved: false })
            return [];
        if (head.Tenant is null)
            return [.. entries.Where(entry => entry.Kind == EntryKind.Ended).Select(entry => Of(head, entry))];
        return
        [
            .. entries
                .SelectMany(entry => entry.Holder?.Runs ?? [])
                .GroupBy(run => (run.Quarter, run.Agent, run.Bucket))
                .Select(runs => new RunSum
                {
                    Quarter = runs.Key.Quarter,
                    Agent = runs.Key.Agent,
                    Bucket = runs.Key.Bucket,
                    Runs = runs.Sum(run => run.Runs),
                    Cost = runs.Aggregate(Money.Zero, (sum, run) => sum + run.Cost),
                    Stopped = runs.Sum(run => run.Stopped),
                })
                .OrderBy(run => run.Quarter)
                .ThenBy(run => run.Agent, StringComparer.Ordinal)
                .ThenBy(run => run.Bucket),
        ];
    }

    /// <summary>A stamp that is ahead of the ledger's own time counts in its own quarter hour.</summary>
    public static IReadOnlyList<RunSum> Clamped(IReadOnlyList<RunSum> runs, DateTimeOffset now)
    {
        var latest = QuarterSum.Of(now);
        return runs.All(run => run.Quarter <= latest)
            ? runs
            : [.. runs.Select(run => run with { Quarter = Math.Min(run.Quarter, latest) })];
    }

    private static RunSum Of(SessionHead head, Entry ended)
    {
        var cost = ended.After.Spent;
        return new RunSum
        {
            Quarter = QuarterSum.Of(ended.At),
            Agent = head.Options!.Agent,
            Bucket = CostBuckets.Of(cost),
            Runs = 1,
            Cost = cost,
            Stopped = ended.End == EndReason.Stopped || ended.After.Breaker.OpenReason != OpenReason.None ? 1 : 0,
        };
    }
}
