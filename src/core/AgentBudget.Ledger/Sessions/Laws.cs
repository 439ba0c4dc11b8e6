namespace AgentBudget.Ledger;

/// <summary>
/// The laws of one session, asserted in production on every entry and after every load. L1: the terms of the money are never
/// negative. L2: settled and reserved never exceed the budget. L6: what is reserved is the sum of what is open. L7: sequences have no
/// gaps and time does not run back.
/// </summary>
internal static class Laws
{
    public static void EnsureFollows(SessionHead head, Entry entry)
    {
        if (entry.Sequence != head.Sequence + 1)
            Fail(head, $"entry {entry.Sequence} follows entry {head.Sequence} (L7)");
        if (entry.At < head.LastEntryAt)
            Fail(head, $"entry {entry.Sequence} is older than the one before it (L7)");
        if (entry.Amount < Money.Zero && !EntryKinds.Of(entry).IsSigned)
            Fail(head, $"entry {entry.Sequence} moves {entry.Amount} (L1)");
        if (!head.IsOpened && !EntryKinds.Of(entry).MayStandFirst)
            Fail(head, $"entry {entry.Sequence} stands before the session was opened (L7)");
    }

    public static void EnsureMoney(SessionHead head)
    {
        if (head.Spent < Money.Zero)
            Fail(head, $"spent is {head.Spent} (L1)");
        if (head.Reserved < Money.Zero)
            Fail(head, $"reserved is {head.Reserved} (L1)");
        if (head.Link is { IsCarved: false } sliced && head.End == EndReason.None && head.Reserved > sliced.Authority)
            Fail(head, $"{head.Reserved} is reserved, but its parent has granted {sliced.Authority} (L2)");
        if (head.Link is { IsCarved: true } link && head.End == EndReason.None && link.Authority != head.Budget)
            Fail(head, $"the budget is {head.Budget}, but its parent has granted {link.Authority} (L2)");
        if (head.Reserved > head.Budget)
            Fail(head, $"{head.Reserved} is reserved of a budget of {head.Budget} (L2)");
        if (head.Tenant is { } tenant)
            EnsureWindows(head, tenant);
        var standing = head.Standing;
        if (standing.Settled < Money.Zero || standing.Overage < Money.Zero || standing.Available < Money.Zero)
            Fail(head, $"settled {standing.Settled}, overage {standing.Overage}, available {standing.Available} (L1)");
    }

    private static void EnsureWindows(SessionHead head, TenantState tenant)
    {
        foreach (var window in tenant.Windows)
        {
            if (head.Reserved > window.LimitInForce)
                Fail(head, $"{head.Reserved} is out, but the limit of the {window.Kind} is {window.LimitInForce} (L9)");
        }
    }

    public static void EnsureReservedIsOpen(SessionHead head, IEnumerable<Reservation> open, IEnumerable<HolderRow> holders)
    {
        var sum = Money.Zero;
        foreach (var reservation in open)
            sum += reservation.Amount;
        foreach (var holder in holders)
            sum += holder.SetAside;
        if (sum != head.Reserved)
            Fail(head, $"{head.Reserved} is reserved, but {sum} stands in open reservations and is out with holders (L6)");
    }

    public static void EnsureSpentIsBrokenDown(SessionHead head)
    {
        if (head.Breakdown.Total != head.Spent)
            Fail(head, $"{head.Spent} is spent, but the breakdown holds {head.Breakdown.Total} (L1)");
    }

    private static void Fail(SessionHead head, string what) =>
        throw new LedgerLawViolationException($"A law of the ledger is broken in session {head.SessionId}: {what}.");
}
