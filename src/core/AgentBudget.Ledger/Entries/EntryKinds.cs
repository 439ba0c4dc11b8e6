using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>What an entry records. The numbers stand in stored timelines and never change.</summary>
public enum EntryKind : byte
{
    /// <summary>The session was opened.</summary>
    Opened = 1,

    /// <summary>Money was set aside for a call.</summary>
    Reserved = 2,

    /// <summary>A reservation was turned into spend.</summary>
    Settled = 3,

    /// <summary>A reservation was given back.</summary>
    Released = 4,

    /// <summary>A reservation went back by its own clock.</summary>
    Expired = 5,

    /// <summary>A reservation was prolonged.</summary>
    Extended = 6,

    /// <summary>A cost already incurred was recorded.</summary>
    Charged = 7,

    /// <summary>The budget was raised by an amount.</summary>
    ToppedUp = 8,

    /// <summary>The budget was set.</summary>
    BudgetSet = 9,

    /// <summary>An earlier entry was corrected.</summary>
    Corrected = 10,

    /// <summary>The session was paused.</summary>
    Paused = 11,

    /// <summary>The session was resumed.</summary>
    Resumed = 12,

    /// <summary>A refusal opened the breaker.</summary>
    BreakerOpened = 13,

    /// <summary>A refusal met the hard limit of a session that does not latch.</summary>
    HardLimitReached = 14,

    /// <summary>The session ended.</summary>
    Ended = 15,

    /// <summary>A shared child was opened.</summary>
    ChildOpened = 16,

    /// <summary>A shared child was closed.</summary>
    ChildClosed = 17,

    /// <summary>An operation that needs another ledger was taken up.</summary>
    Intended = 18,

    /// <summary>Such an operation was refused.</summary>
    IntentRefused = 19,

    /// <summary>Money was set aside for a holder that is to be registered.</summary>
    HolderOpened = 20,

    /// <summary>The holder has registered.</summary>
    HolderRegistered = 21,

    /// <summary>The holder was granted more.</summary>
    HolderGranted = 22,

    /// <summary>What the holder did in a range of its entries was booked.</summary>
    HolderReported = 23,

    /// <summary>A holder that never was, or is no more, gave its money back.</summary>
    HolderClosed = 24,

    /// <summary>
    /// The holder's totals were taken as it states them: a store was restored to an earlier moment, or the holder has spent although
    /// it never got money.
    /// </summary>
    HolderRestored = 25,

    /// <summary>What the parent granted has arrived.</summary>
    GrantTaken = 26,

    /// <summary>The parent has booked everything of this ledger, which has ended; or it is no more; or it is there again.</summary>
    ReportAcknowledged = 27,

    /// <summary>This ledger was found to be restored to an earlier moment.</summary>
    Restored = 28,

    /// <summary>Money that came free covers what a holder has and what the budget did not cover until then.</summary>
    HolderCovered = 29,

    /// <summary>A tenant's limits or settings were set, or raised.</summary>
    TenantSet = 30,

    /// <summary>A day, week or month of a tenant began.</summary>
    WindowsBegan = 31,

    /// <summary>A tenant refused what nothing that is out could have paid.</summary>
    TenantExhausted = 32,

    /// <summary>What lay idle went back to the parent that called for it, or what was granted when nobody waited for it any
    /// more.</summary>
    MoneyReturned = 33,

    /// <summary>A tenant was stopped: held, and whoever has money of it ends.</summary>
    Stopped = 34,

    /// <summary>What is settled and out of a tenant, the amount, has reached a soft limit of one of its limits, the other amount.</summary>
    SoftLimitReached = 35,

    /// <summary>More was set aside for an open reservation: the amount is what was added, <see cref="Entry.Requested"/> what is set aside
    /// in all.</summary>
    Grown = 36,
}

/// <summary>What each kind of entry means. A new kind is a member of <see cref="EntryKind"/> and a row here.</summary>
internal static class EntryKinds
{
    private static readonly EntryKindRow?[] ByNumber = Index(
        new(EntryKind.Opened, SessionFold.Open) { MayStandFirst = true, IsEvent = true },
        new(EntryKind.Reserved, (ref change, _, entry) => change.Reserved += entry.Amount)
        {
            Reservation = ReservationEffect.Opens,
            CallStep = CallStep.Begins,
        },
        new(EntryKind.Settled, Settle)
        {
            IsEvent = true,
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
            IsEvent = true,
            Reservation = ReservationEffect.Ends,
            RelatedLookup = RelatedLookup.Always,
            IsActivity = false,
        },
        new(EntryKind.Extended, Nothing) { Reservation = ReservationEffect.Extends },
        new(EntryKind.Charged, SessionFold.Spend)
        {
            IsEvent = true,
            CallStep = CallStep.Whole,
            RelatedLookup = RelatedLookup.WhenRelated,
            IsCost = true,
        },
        new(EntryKind.ToppedUp, (ref change, _, entry) => change.Budget += entry.Amount) { IsOperatorsMoney = true, IsEvent = true },
        new(EntryKind.BudgetSet, (ref change, _, entry) => change.Budget = entry.Amount) { IsOperatorsMoney = true, IsEvent = true },
        new(EntryKind.Corrected, SessionFold.Correct)
        {
            IsEvent = true,
            RelatedLookup = RelatedLookup.Always,
            IsSigned = true,
            IsOperatorsMoney = true,
        },
        new(EntryKind.Paused, Pause) { IsEvent = true },
        new(
            EntryKind.Resumed,
            (ref change, _, entry) => change.Breaker = change.Breaker with { PausedBy = change.Breaker.PausedBy & ~entry.PauseSource }
        )
        {
            IsEvent = true,
        },
        new(EntryKind.BreakerOpened, Nothing),
        new(EntryKind.HardLimitReached, Nothing),
        new(EntryKind.Ended, SessionFold.End) { IsActivity = false, IsEvent = true },
        new(EntryKind.ChildOpened, ChildFold.OpenShared),
        new(EntryKind.ChildClosed, ChildFold.CloseShared),
        // What stands between two ledgers is moved by what the entry carries, whatever its kind.
        new(EntryKind.Intended, Nothing),
        new(EntryKind.IntentRefused, Nothing) { IsActivity = false },
        new(EntryKind.HolderOpened, Nothing),
        new(EntryKind.HolderRegistered, Nothing) { IsActivity = false },
        new(EntryKind.HolderGranted, Nothing) { IsActivity = false },
        new(EntryKind.HolderReported, Nothing) { IsSigned = true },
        new(EntryKind.HolderClosed, Nothing) { IsActivity = false },
        new(EntryKind.HolderRestored, Nothing) { IsSigned = true, IsActivity = false },
        new(EntryKind.GrantTaken, TakeGrant)
        {
            IsOperatorsMoney = true,
            IsActivity = false,
            IsEvent = true,
        },
        new(EntryKind.ReportAcknowledged, Nothing) { IsActivity = false },
        new(EntryKind.Restored, Nothing) { IsActivity = false },
        new(EntryKind.HolderCovered, Nothing) { IsActivity = false },
        new(EntryKind.TenantSet, Nothing) { IsEvent = true },
        new(EntryKind.WindowsBegan, Nothing) { IsActivity = false },
        new(EntryKind.TenantExhausted, Nothing) { IsActivity = false, IsEvent = true },
        new(EntryKind.MoneyReturned, Nothing) { IsActivity = false },
        new(EntryKind.Stopped, Pause) { IsEvent = true },
        new(EntryKind.SoftLimitReached, Nothing) { IsActivity = false, IsEvent = true },
        new(EntryKind.Grown, (ref change, _, entry) => change.Reserved += entry.Amount) { Reservation = ReservationEffect.Grows }
    );

    /// <summary>The row of a kind; null for a number that is none.</summary>
    public static EntryKindRow? Find(EntryKind kind) => (int)kind < ByNumber.Length ? ByNumber[(int)kind] : null;

    /// <summary>The row of an entry's kind.</summary>
    /// <exception cref="LedgerLawViolationException">A number that is no kind: the store was written by a later version, or
    /// changed.</exception>
    public static EntryKindRow Of(Entry entry) =>
        Find(entry.Kind) ?? throw new LedgerLawViolationException($"Entry {entry.Sequence} is of an unknown kind, {entry.Kind}.");

    private static void Nothing(ref HeadChange change, SessionHead head, Entry entry) { }

    private static void Pause(ref HeadChange change, SessionHead head, Entry entry) =>
        change.Breaker = change.Breaker with { PausedBy = change.Breaker.PausedBy | entry.PauseSource };

    private static void Settle(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.Reserved -= entry.Requested;
        SessionFold.Spend(ref change, head, entry);
    }

    // What a carved child is granted is its budget; others have one of their own.
    private static void TakeGrant(ref HeadChange change, SessionHead head, Entry entry)
    {
        if (head.Link is { IsCarved: true })
            change.Budget += entry.Amount;
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
