using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Checking;

/// <summary>L8: at rest, what a tenant says was spent is the sum over its sessions, in total and by every name, as their own timelines
/// tell.</summary>
internal sealed class TenantSumCheck(RunRecord run)
{
    public IEnumerable<Violation> Check()
    {
        if (!run.IsAtRest)
            yield break;
        foreach (var tenant in run.Sessions.Values.Where(ledger => !LedgerIds.IsOfASession(ledger.Id)))
        {
            var spent = SessionsOf(tenant.Id[1..])
                .Aggregate(Money.Zero, (sum, session) => sum + (session.Stored?.Head.Spent ?? Money.Zero));
            var booked = tenant.Stored?.Head.Spent ?? Money.Zero;
            if (spent != booked)
                yield return new Violation("L8", tenant.Id, $"it has {booked} in its books, and its sessions have spent {spent}");
        }

        foreach (var violation in run.Spends.SelectMany(Check))
            yield return violation;
    }

    private IEnumerable<Violation> Check(TenantSpend told)
    {
        var costs = SessionsOf(told.Path.ToString())
            .SelectMany(session => session.Timeline.Select(entry => (session, entry)))
            .Where(cost => cost.entry.Call is not null && IsCost(cost.entry) && cost.entry.At >= told.Start && cost.entry.At < told.End)
            .ToArray();
        var spent = Sum(costs.Select(cost => cost.entry));
        if (spent != told.Spent)
            yield return Found(told, $"{told.Spent} is said to be spent since {told.Start:u}, and it was {spent}");
        foreach (var list in told.Lists)
        {
            var byName = costs
                .Select(cost => (Name: NameOf(list, cost.session, cost.entry), cost.entry))
                .Where(cost => cost.Name is not null)
                .GroupBy(cost => cost.Name!, cost => cost.entry, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, Sum, StringComparer.Ordinal);
            foreach (var line in list.Names)
            {
                byName.Remove(line.Name, out var truth);
                if (truth != line.Spent)
                    yield return Found(told, $"{line.Spent} is said to be spent by {list.By} {line.Name}, and it was {truth}");
            }

            foreach (var (name, missing) in byName.Where(pair => pair.Value != Money.Zero))
                yield return Found(told, $"nothing is said of {missing} by {list.By} {name}");
        }
    }

    // The names of a run are few enough for all to be told apart.
    private static string? NameOf(SpendList list, FinalSession session, Entry entry) =>
        list.By switch
        {
            SpendBy.Model => entry.Call!.Kind == CallKind.Model ? entry.Call.Name : null,
            SpendBy.Tool => entry.Call!.Kind == CallKind.Tool ? entry.Call.Name : null,
            SpendBy.Agent => entry.Call!.Agent ?? session.Stored!.Head.Options!.Agent ?? TenantSpend.NoName,
            _ => session.Stored!.Head.Options!.Tags.GetValueOrDefault(list.Tag!, TenantSpend.NoName),
        };

    // Told once more than in the ledger's own table of kinds.
    private static bool IsCost(Entry entry) => entry.Kind is EntryKind.Settled or EntryKind.Charged or EntryKind.Corrected;

    private IEnumerable<FinalSession> SessionsOf(string path) =>
        run.Sessions.Values.Where(session =>
            LedgerIds.IsOfASession(session.Id) && SessionIds.TenantOf(session.Id)?.IsWithin(TenantPath.Parse(path)) == true
        );

    private static Money Sum(IEnumerable<Entry> entries) => entries.Aggregate(Money.Zero, (sum, entry) => sum + entry.Amount);

    private static Violation Found(TenantSpend told, string what) => new("L8", LedgerIds.OfOtherKind(told.Path.ToString()), what);
}
