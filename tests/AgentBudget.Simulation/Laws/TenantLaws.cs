using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation.Laws;

/// <summary>
/// L9 of a tenant and of all above it: in its books, in total and in each window that runs, what is settled and out is within the limit in
/// force; and so it is in truth, by the costs that stand in the sessions' own timelines and by what they still hold.
/// </summary>
internal static class TenantLaws
{
    /// <summary>Checks the tenants that a ledger has to do with.</summary>
    /// <param name="store">The store.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="hasNoOverage">Whether nothing is spent beyond what was set aside for it.</param>
    /// <param name="hasOneClock">Whether the clocks of all silos are within seconds of one another: what is recorded by one that is an hour
    /// ahead, before a window begins for the others, is in it for that one alone.</param>
    public static void Check(SimulatedStore store, StoredLedger ledger, bool hasNoOverage, bool hasOneClock)
    {
        for (var id = ledger.Head.SessionId; id is not null && store.Find(id) is { } found; id = found.Head.Link?.ParentId)
        {
            if (found.Head.Tenant is null)
                continue;
            Books(found);
            if (hasNoOverage)
                Truth(store, found, hasOneClock);
        }
    }

    private static void Books(StoredLedger tenant)
    {
        var head = tenant.Head;
        if (head.Budget < TenantLimits.NoLimit)
            Said(head, WindowKind.Total, head.Spent, head.Budget, head.Tenant!.SoftLimitsCrossed);
        foreach (var window in head.Tenant!.Windows)
        {
            if (window.LimitInForce is not { } limit)
                continue;
            Said(head, window.Kind, window.Spent, limit, window.SoftLimitsCrossed);
            var settled = Money.Min(window.Spent, limit - head.Reserved);
            Ensure(settled + head.Reserved <= limit, head, $"settled {settled} and out {head.Reserved} of {limit} a {window.Kind}");
        }
    }

    // What has been reached stands in the timeline as soon as it has.
    private static void Said(SessionHead head, WindowKind kind, Money spent, Money limit, int crossed)
    {
        foreach (var (i, fraction) in head.Tenant!.Settings.SoftLimits.Index())
        {
            var isMet = (spent + head.Reserved).NanoDollars >= limit.NanoDollars * fraction;
            Ensure(
                !isMet || (crossed & (1 << i)) != 0,
                head,
                $"{spent} spent and {head.Reserved} out of {limit} a {kind}, and nothing said"
            );
        }
    }

    private static void Truth(SimulatedStore store, StoredLedger tenant, bool hasOneClock)
    {
        var head = tenant.Head;
        var path = TenantLedgers.PathOf(head.SessionId);
        var (spent, held, late) = (Money.Zero, Money.Zero, Money.Zero);
        var bySpent = head.Tenant!.Windows.ToDictionary(window => window.Kind, _ => Money.Zero);
        foreach (var (id, session) in store.Ledgers)
        {
            if (SessionIds.TenantOf(id) is not { } own || !own.IsWithin(path) || session.Head.Tenant is not null)
                continue;
            // What a carved child holds, its parent holds of the tenant.
            if (session.Head is { End: EndReason.None, Link: { IsCarved: false } link })
                held += Money.Max(Money.Zero, link.Authority - Money.Max(session.Head.Spent, SpentIn(store, session)));
            // A cost that comes when its reservation, or its session, has ended was not authorised, and is no part of what was. It takes
            // the
            // money of others, so that what these still spend is overage of the tenants above, in a later window as well.
            late += session
                .Entries.Where(entry => entry.Kind == EntryKind.Charged)
                .Aggregate(Money.Zero, (sum, entry) => sum + entry.Amount);
            foreach (var entry in session.Entries.Where(entry => entry.Kind == EntryKind.Settled))
            {
                spent += entry.Amount;
                foreach (var window in head.Tenant.Windows.Where(window => entry.At >= window.Start && entry.At < window.End))
                    bySpent[window.Kind] += entry.Amount;
            }
        }

        // Sessions that were purged stand in the books alone.
        Ensure(spent <= head.Spent + head.Reserved, head, $"{spent} is spent in truth, {head.Spent} in the books and {head.Reserved} out");
        foreach (var window in head.Tenant.Windows)
        {
            if (hasOneClock && window.LimitInForce is { } limit)
                Ensure(
                    bySpent[window.Kind] + held <= limit + late,
                    head,
                    $"{bySpent[window.Kind]} spent and {held} held, in truth, of {limit} a {window.Kind}"
                );
        }

        Ensure(spent + held <= head.Budget, head, $"{spent} spent and {held} held, in truth, of {head.Budget}");
    }

    // With its carved children: what these spent is in its books once they have reported.
    private static Money SpentIn(SimulatedStore store, StoredLedger session)
    {
        var spent = session.OwnSpent;
        foreach (var (id, other) in store.Ledgers)
        {
            if (id.StartsWith($"{session.Head.SessionId}/", StringComparison.Ordinal))
                spent += other.OwnSpent;
        }

        return spent;
    }

    private static void Ensure(bool holds, SessionHead head, string what)
    {
        if (!holds)
            throw new LawBrokenException($"L9: {what}, in {head.SessionId} at {head.Sequence}");
    }
}
