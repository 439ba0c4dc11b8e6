using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation.Laws;

/// <summary>Laws of one ledger, from its durable rows and entries.</summary>
internal static class OwnLaws
{
    public static void Check(StoredLedger ledger, IReadOnlyList<HolderRow> dropped)
    {
        var (head, standing) = (ledger.Head, ledger.Head.Standing);
        Ensure(
            standing.Settled + standing.Reserved <= standing.Budget,
            head,
            $"L2: settled {standing.Settled}, reserved {standing.Reserved}, budget {standing.Budget}"
        );
        Ensure(
            standing.Available >= Money.Zero && standing.Overage >= Money.Zero && standing.Settled >= Money.Zero,
            head,
            "L1: a term is below zero"
        );
        var (spent, aside, open) = (ledger.OwnSpent, Money.Zero, 0);
        foreach (var row in ledger.Rows.Values.Concat(dropped))
        {
            spent += row.Spent;
            aside += row.SetAside;
            if (row.IsOpen)
                open++;
        }

        foreach (var reservation in ledger.OpenReservations.Values)
            aside += reservation.Amount;
        Ensure(spent == head.Spent, head, $"L8: spent is {head.Spent}, its own and its holders' {spent}");
        Ensure(aside == head.Reserved, head, $"L6: reserved is {head.Reserved}, set aside {aside}");
        Ensure(open == head.OpenHolders, head, $"{head.OpenHolders} holders are counted, and {open} rows are open");
        Ensure(head.Breakdown.Total == head.Spent, head, $"L1: {head.Spent} is spent, and {head.Breakdown.Total} broken down");
        var lives = ledger.Rows.Values.Concat(dropped).Where(row => row.HolderLife != 0).GroupBy(row => (row.HolderId, row.HolderLife));
        Ensure(lives.All(rows => rows.Count() == 1), head, "once: one life of a holder has two rows");
    }

    private static void Ensure(bool holds, SessionHead head, string what)
    {
        if (!holds)
            throw new LawBrokenException($"{what}, in {head.SessionId} at {head.Sequence}");
    }
}

/// <summary>Laws between a parent's row and the holder itself, in the lives that they name.</summary>
internal static class PairLaws
{
    public static void Check(StoredLedger parent, HolderRow row, StoredLedger holder)
    {
        var (head, link) = (holder.Head, holder.Head.Link!);
        Ensure(link.Granted <= row.Granted, row, $"made: the holder has {link.Granted} of {row.Granted} granted");
        Ensure(
            row.GivenBack <= link.GivenBack,
            row,
            $"made: {row.GivenBack} is booked as given back, and the holder gave {link.GivenBack}"
        );
        Ensure(row.ReportedThrough <= head.Sequence, row, $"{row.ReportedThrough} is booked, and the holder stands at {head.Sequence}");
        Ensure(row.End != HolderEnd.Sealed || head.End != EndReason.None, row, "made: the row is sealed, and the holder goes on");
        var spent = row.ReportedThrough == 0 ? Money.Zero : holder.Entries[(int)row.ReportedThrough - 1].After.Spent;
        Ensure(row.Spent == spent, row, $"once: {row.Spent} is booked through {row.ReportedThrough}, where the holder has spent {spent}");
        Ensure(
            parent.Head.End == EndReason.None || row.SetAside == Money.Zero,
            row,
            "stranded: the parent has ended, and money is set aside"
        );
    }

    private static void Ensure(bool holds, HolderRow row, string what)
    {
        if (!holds)
            throw new LawBrokenException($"{what}; row {row.Number} of {row.HolderId}");
    }
}

/// <summary>Laws when nothing moves any more.</summary>
internal static class RestLaws
{
    /// <summary>
    /// What a holder has spent stands in its parent's row before the holder is gone. Not where the parent's store did not know of the
    /// parent when it was asked, and was restored once more before the purge: nobody is left who could tell.
    /// </summary>
    public static void EnsureBooked(SimulatedStore store, StoredLedger ledger)
    {
        if (
            ledger.Head.Link is not { IsParentGone: false } link
            || store.Find(link.ParentId) is not { } parent
            || parent.Head.Life != link.ParentLife
        )
            return;
        var booked = Money.Zero;
        foreach (var row in parent.Rows.Values.Where(row => row.HolderId == ledger.Head.SessionId && row.HolderLife == ledger.Head.Life))
            booked += row.Spent;
        Ensure(
            booked == ledger.Head.Spent,
            ledger.Head,
            $"lost: purged with {ledger.Head.Spent} spent, of which the parent has booked {booked}"
        );
    }

    public static void Check(SimulatedStore store, StoredLedger ledger, bool hasOneClock)
    {
        var head = ledger.Head;
        Ensure(head.Intents.Count == 0, head, "liveness: an operation is under way");
        foreach (var row in ledger.OpenRows)
        {
            // By a clock that is an hour ahead of itself a tenant waits an hour for whom it admitted.
            if (row is { HolderLife: 0, AdmittedAt: not null } && !hasOneClock)
                continue;
            Ensure(row.HolderLife != 0, head, $"liveness: {row.HolderId} has not registered");
            Ensure(!TenantStop.Ends(head, row), head, $"liveness: {row.HolderId} was to be stopped, and is there");
            Ensure(
                store.Find(row.HolderId) is { } holder && holder.Head.Life == row.HolderLife,
                head,
                $"stranded: {row.Out} is out with {row.HolderId}, which is no more"
            );
        }

        if (head.Link is not { } link)
            return;
        if (store.Find(link.ParentId) is not { } parent || parent.Head.Life != link.ParentLife)
        {
            Ensure(head.End == EndReason.None || !link.HasNews, head, "liveness: the parent is gone, and the holder does not know");
            return;
        }

        var mine = parent.Rows.Values.FirstOrDefault(row => row.HolderId == head.SessionId && row.HolderLife == head.Life);
        if (mine is null)
        {
            // A session that a late copy of an invitation has opened under a tenant holds nothing, and is made known by its first call.
            Ensure(
                link.Granted == Money.Zero && head.Spent == Money.Zero && (head.End != EndReason.None || !link.IsCarved),
                head,
                $"lost: {link.ParentId} has no row for it"
            );
            return;
        }

        Ensure(mine.Spent == head.Spent, head, $"lost: {head.Spent} is spent, and {mine.Spent} booked by the parent");
        Ensure(mine.IsOpen == (head.End == EndReason.None), head, "stranded: the row and the holder do not end together");
        if (!mine.IsOpen)
        {
            Ensure(!link.HasNews, head, "liveness: the parent has booked everything, and the holder does not know");
            return;
        }

        Ensure(mine.Granted == link.Granted, head, $"stranded: {mine.Granted} is granted, and {link.Granted} has arrived");
        Ensure(mine.GivenBack == link.GivenBack, head, $"stranded: {link.GivenBack} was given back, and {mine.GivenBack} booked");
        var isHeld = head.Breaker.PausedBy.HasFlag(PauseSources.Parent);
        Ensure(
            isHeld == (parent.Head.Breaker.PausedBy != PauseSources.None),
            head,
            $"holds: it is {(isHeld ? "" : "not ")}held, and its parent says otherwise"
        );
    }

    private static void Ensure(bool holds, SessionHead head, string what)
    {
        if (!holds)
            throw new LawBrokenException($"{what}, in {head.SessionId} at {head.Sequence}");
    }
}
