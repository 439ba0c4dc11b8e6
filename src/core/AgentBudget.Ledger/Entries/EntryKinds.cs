namespace AgentBudget.Ledger;

/// <summary>What each kind of entry means. A new kind is a member of <see cref="EntryKind"/> and a row here.</summary>
internal static class EntryKinds
{
    private static readonly EntryKindRow?[] ByNumber = Index(
        new(EntryKind.Opened, SessionFold.Open) { MayStandFirst = true },
        new(EntryKind.Reserved, (ref change, _, entry) => change.Reserved += entry.Amount)
        {
            Reservation = ReservationEffect.Opens,
            CallStep = CallStep.Begins,
        },
        new(EntryKind.Settled, Settle)
        {
            Reservation = ReservationEffect.Ends,
            CallStep = CallStep.Ends,
            IsCost = true,
        },
        new(EntryKind.Released, GiveBack)
        {
            Reservation = ReservationEffect.Ends,
            CallStep = CallStep.Ends,
            RelatedLookup = RelatedLookup.Always,
        },
        new(EntryKind.Expired, GiveBack)
        {
            Reservation = ReservationEffect.Ends,
            RelatedLookup = RelatedLookup.Always,
            IsActivity = false,
        },
        new(EntryKind.Extended, Nothing) { Reservation = ReservationEffect.Extends },
        new(EntryKind.Charged, SessionFold.Spend)
        {
            CallStep = CallStep.Whole,
            RelatedLookup = RelatedLookup.WhenRelated,
            IsCost = true,
        },
        new(EntryKind.ToppedUp, (ref change, _, entry) => change.Budget += entry.Amount) { IsOperatorsMoney = true },
        new(EntryKind.BudgetSet, (ref change, _, entry) => change.Budget = entry.Amount) { IsOperatorsMoney = true },
        new(EntryKind.Corrected, SessionFold.Correct)
        {
            RelatedLookup = RelatedLookup.Always,
            IsSigned = true,
            IsOperatorsMoney = true,
        },
        new(
            EntryKind.Paused,
            (ref change, _, entry) => change.Breaker = change.Breaker with { PausedBy = change.Breaker.PausedBy | entry.PauseSource }
        ),
        new(
            EntryKind.Resumed,
            (ref change, _, entry) => change.Breaker = change.Breaker with { PausedBy = change.Breaker.PausedBy & ~entry.PauseSource }
        ),
        new(EntryKind.BreakerOpened, Nothing),
        new(EntryKind.HardLimitReached, Nothing),
        new(EntryKind.Ended, SessionFold.End) { IsActivity = false },
        new(EntryKind.ChildOpened, ChildFold.OpenShared),
        new(EntryKind.ChildClosed, ChildFold.CloseShared),
        // What stands between two ledgers is moved by what the entry carries, whatever its kind.
        new(EntryKind.Intended, Nothing),
        new(EntryKind.IntentRefused, Nothing) { IsActivity = false },
        new(EntryKind.HolderOpened, Nothing),
        new(EntryKind.HolderRegistered, Nothing),
        new(EntryKind.HolderGranted, Nothing),
        new(EntryKind.HolderReported, Nothing) { IsSigned = true },
        new(EntryKind.HolderClosed, Nothing) { IsActivity = false },
        new(EntryKind.HolderRestored, Nothing) { IsSigned = true, IsActivity = false },
        new(EntryKind.GrantTaken, (ref change, _, entry) => change.Budget += entry.Amount) { IsOperatorsMoney = true, IsActivity = false },
        new(EntryKind.ReportAcknowledged, Nothing) { IsActivity = false },
        new(EntryKind.Restored, Nothing) { IsActivity = false }
    );

    /// <summary>The row of a kind; null for a number that is none.</summary>
    public static EntryKindRow? Find(EntryKind kind) => (int)kind < ByNumber.Length ? ByNumber[(int)kind] : null;

    /// <summary>The row of an entry's kind.</summary>
    /// <exception cref="LedgerLawViolationException">A number that is no kind: the store was written by a later version, or
    /// changed.</exception>
    public static EntryKindRow Of(Entry entry) =>
        Find(entry.Kind) ?? throw new LedgerLawViolationException($"Entry {entry.Sequence} is of an unknown kind, {entry.Kind}.");

    private static void Nothing(ref HeadChange change, SessionHead head, Entry entry) { }

    private static void Settle(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.Reserved -= entry.Requested;
        SessionFold.Spend(ref change, head, entry);
    }

    private static void GiveBack(ref HeadChange change, SessionHead head, Entry entry) => change.Reserved -= entry.Amount;

    private static EntryKindRow?[] Index(params EntryKindRow[] rows)
    {
        var index = new EntryKindRow?[(int)rows[^1].Kind + 1];
        foreach (var row in rows)
            index[(int)row.Kind] = row;
        return index;
    }
}
