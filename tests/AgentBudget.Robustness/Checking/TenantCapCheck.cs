using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Checking;

/// <summary>
/// L9, over the final timelines. In a tenant's books nothing goes out beyond a limit in force, in total and in each window, and where its
/// sessions spend nothing that was not set aside, nothing is ever beyond. And in truth: at every moment what the sessions have spent and
/// set aside of the money that they were granted is in the books of every tenant above.
/// </summary>
internal static class TenantCapCheck
{
    public static IEnumerable<Violation> Check(RunRecord run) =>
        run
            .Sessions.Values.Where(ledger => !LedgerIds.IsOfASession(ledger.Id))
            .SelectMany(tenant => Books(tenant).Concat(Truth(run, tenant)));

    private static IEnumerable<Violation> Books(FinalSession tenant)
    {
        var isStrict = tenant.Id[1..].Split('/')[0] == TenantNames.Strict;
        var before = Money.Zero;
        foreach (var (entry, head) in HeadsOf(tenant))
        {
            // What covers that a holder has spent more than it had takes no room: it has been spent.
            var goesOut = entry.Kind is EntryKind.HolderOpened or EntryKind.HolderGranted && head.Reserved > before;
            before = head.Reserved;
            if ((isStrict || goesOut) && FindBeyond(head) is { } beyond)
                yield return Found(tenant, entry, beyond);
        }
    }

    private static string? FindBeyond(SessionHead head)
    {
        if (head.Spent + head.Reserved > head.Budget)
            return $"{head.Spent} is spent and {head.Reserved} is out of {head.Budget}";
        foreach (var window in head.Tenant?.Windows ?? [])
        {
            if (window.LimitInForce is { } limit && window.Spent + head.Reserved > limit)
                return $"{window.Spent} is spent and {head.Reserved} is out of {limit} a {window.Kind}";
        }

        return null;
    }

    // Money comes back before it goes out again, and time travels with it; so at the end of each instant the books hold all of it.
    private static IEnumerable<Violation> Truth(RunRecord run, FinalSession tenant)
    {
        var path = TenantPath.Parse(tenant.Id[1..]);
        var steps = run
            .Sessions.Values.Where(session => LedgerIds.IsOfASession(session.Id) && SessionIds.TenantOf(session.Id)?.IsWithin(path) == true)
            .SelectMany(session => HeadsOf(session).Select(step => (session.Id, step.Entry, Amount: Authorised(step.Head))))
            .Concat(HeadsOf(tenant).Select(step => (tenant.Id, step.Entry, Amount: step.Head.Spent + step.Head.Reserved)))
            .OrderBy(step => step.Entry.At)
            .GroupBy(step => step.Entry.At);
        var amounts = new Dictionary<string, Money>(StringComparer.Ordinal);
        var sum = Money.Zero;
        foreach (var instant in steps)
        {
            foreach (var (id, _, amount) in instant)
            {
                if (id != tenant.Id)
                    sum += amount - amounts.GetValueOrDefault(id);
                amounts[id] = amount;
            }

            if (sum <= amounts.GetValueOrDefault(tenant.Id))
                continue;
            yield return Found(
                tenant,
                instant.First().Entry,
                $"at {instant.Key:HH:mm:ss.fffffff} its sessions have {sum} spent and set aside, of {amounts.GetValueOrDefault(tenant.Id)}"
            );
            yield break;
        }
    }

    // What it has spent beyond what it was granted was never authorised.
    private static Money Authorised(SessionHead head) =>
        head.Link is { } link ? Money.Min(head.Spent + head.Reserved, link.Authority) : Money.Zero;

    private static IEnumerable<(Entry Entry, SessionHead Head)> HeadsOf(FinalSession ledger)
    {
        var head = new SessionHead { SessionId = ledger.Id };
        foreach (var entry in ledger.Timeline)
        {
            // What does not fold is told by the check of timelines.
            try
            {
                head = head.After(entry);
            }
            catch (LedgerLawViolationException)
            {
                yield break;
            }

            yield return (entry, head);
        }
    }

    private static Violation Found(FinalSession tenant, Entry entry, string what) =>
        new("L9", tenant.Id, what) { Sequence = entry.Sequence };
}
