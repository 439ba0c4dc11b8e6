using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation.Laws;

/// <summary>
/// L8 by names, at rest: what a tenant's timeline says of models and tools adds up to what it has spent, in each quarter hour; and under
/// every name, and of runs, it says what the timelines of its sessions say, those that were purged among them.
/// </summary>
internal static class SpendLaws
{
    /// <summary>Checks all tenants.</summary>
    /// <param name="store">What is durable.</param>
    /// <param name="purged">The sessions that are gone.</param>
    /// <param name="hasRestored">Whether a partition was restored: then a name may stand for a holder whose totals were taken anew.</param>
    public static void AtRest(SimulatedStore store, IReadOnlyList<StoredLedger> purged, bool hasRestored)
    {
        var sessions = store.Ledgers.Values.Where(ledger => ledger.Head.Tenant is null).Concat(purged).ToArray();
        foreach (var tenant in store.Ledgers.Values.Where(ledger => ledger.Head.Tenant is not null))
        {
            var changes = tenant.Entries.Select(entry => entry.Holder).OfType<HolderChange>().ToArray();
            AddsUp(tenant.Head, changes);
            if (!hasRestored)
                IsTrue(tenant.Head, changes, sessions);
        }
    }

    private static void AddsUp(SessionHead head, HolderChange[] changes)
    {
        var named = changes.SelectMany(change => change.ByName).Where(sum => sum.By is SpendBy.Model or SpendBy.Tool).ToArray();
        Ensure(Sum(named) == head.Spent, head, $"{Sum(named)} is named by model and tool, and {head.Spent} spent");
        var quarters = changes.SelectMany(change => change.ByQuarter).ToLookup(sum => sum.Quarter, sum => sum.Amount);
        foreach (var quarter in named.GroupBy(sum => sum.Quarter))
        {
            var spent = quarters[quarter.Key].Aggregate(Money.Zero, (sum, amount) => sum + amount);
            Ensure(Sum(quarter) == spent, head, $"{Sum(quarter)} is named in quarter {quarter.Key}, and {spent} spent");
        }
    }

    // A late cost of a child whose parent's life is no more. What the parent had booked is told, though its answer was lost until it was
    // purged.
    private static bool IsToldToNobody(StoredLedger session, Entry entry, StoredLedger[] sessions) =>
        session.Head.Link is { IsCarved: true, IsParentGone: true } link
        && entry.Sequence > link.AcknowledgedThrough
        && !(RowOf(session, ParentOf(link, sessions)) is { } row && entry.Sequence <= row.ReportedThrough);

    private static HolderRow? RowOf(StoredLedger child, StoredLedger parent) =>
        parent
            .Entries.Select(entry => entry.Holder?.Row)
            .LastOrDefault(row => row?.HolderId == child.Head.SessionId && row.HolderLife == child.Head.Life);

    private static StoredLedger ParentOf(ParentLink link, StoredLedger[] sessions) =>
        sessions.Single(other => other.Head.SessionId == link.ParentId && other.Head.Life == link.ParentLife);

    // What a carved child does not name is its parent's.
    private static (string? Agent, IReadOnlyDictionary<string, string> Tags) NamesOf(StoredLedger session, StoredLedger[] sessions)
    {
        var options = session.Head.Options!;
        if (session.Head.Link is not { IsCarved: true } link)
            return (options.Agent, options.Tags);
        var above = NamesOf(ParentOf(link, sessions), sessions);
        var tags = new Dictionary<string, string>(above.Tags, StringComparer.Ordinal);
        foreach (var (tag, value) in options.Tags)
            tags[tag] = value;
        return (options.Agent ?? above.Agent, tags);
    }

    private static void IsTrue(SessionHead head, HolderChange[] changes, StoredLedger[] sessions)
    {
        var path = TenantLedgers.PathOf(head.SessionId);
        var (truth, runs, cost) = (new SortedDictionary<string, Money>(StringComparer.Ordinal), 0L, Money.Zero);
        foreach (var session in sessions.Where(session => session.Head.Options!.Tenant?.IsWithin(path) == true))
        {
            var names = NamesOf(session, sessions);
            foreach (var entry in session.Entries)
            {
                // A carved child is a part of a run.
                if (entry.Kind == EntryKind.Ended && session.Head.Link is { IsCarved: false })
                    (runs, cost) = (runs + 1, cost + entry.After.Spent);
                if (entry is not { IsCost: true, Call: { } call } || IsToldToNobody(session, entry, sessions))
                    continue;
                Add(truth, $"{call.Kind} {call.Name}", entry.Amount);
                if ((call.Agent ?? names.Agent) is { } agent)
                    Add(truth, $"{SpendBy.Agent} {agent}", entry.Amount);
                foreach (var (tag, value) in names.Tags)
                    Add(truth, $"{SpendBy.Tag} {tag}={value}", entry.Amount);
            }
        }

        var books = new SortedDictionary<string, Money>(StringComparer.Ordinal);
        foreach (var sum in changes.SelectMany(change => change.ByName))
            Add(books, sum.Tag is null ? $"{sum.By} {sum.Name}" : $"{sum.By} {sum.Tag}={sum.Name}", sum.Amount);
        foreach (var name in truth.Keys.Union(books.Keys))
        {
            var (said, spent) = (books.GetValueOrDefault(name), truth.GetValueOrDefault(name));
            Ensure(said == spent, head, $"{said} is said of {name}, and {spent} spent");
        }

        var ended = changes.SelectMany(change => change.Runs).ToArray();
        var (saidRuns, saidCost) = (ended.Sum(run => run.Runs), ended.Aggregate(Money.Zero, (sum, run) => sum + run.Cost));
        Ensure(
            (saidRuns, saidCost) == (runs, cost),
            head,
            $"{saidRuns} runs of {saidCost} are said to have ended, and {runs} of {cost} have"
        );
    }

    private static Money Sum(IEnumerable<NamedSum> sums) => sums.Aggregate(Money.Zero, (sum, one) => sum + one.Amount);

    private static void Add(SortedDictionary<string, Money> sums, string name, Money amount) =>
        sums[name] = sums.GetValueOrDefault(name) + amount;

    private static void Ensure(bool holds, SessionHead head, string what)
    {
        if (!holds)
            throw new LawBrokenException($"L8: {what}, in {head.SessionId} at {head.Sequence}");
    }
}
