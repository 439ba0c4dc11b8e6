using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Lines;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger;

/// <summary>A session in memory: its head, its open reservations and its sense of loops. Changed by entries alone.</summary>
internal sealed class SessionState
{
    private static readonly Dictionary<long, Reservation> None = new(0);

    private Dictionary<long, Reservation> open = None;
    private LoopMemory? loops;
    private Relations? relations;
    private long earliestExpiryTicks = DateTimeOffset.MaxValue.UtcTicks;

    public SessionState(SessionHead head) => Head = head;

    public SessionHead Head { get; private set; }

    public IReadOnlyDictionary<long, Reservation> Open => open;

    /// <summary>No open reservation expires before this; it may be early, never late.</summary>
    public DateTimeOffset EarliestExpiry
    {
        get => UtcTicks.ToTime(earliestExpiryTicks);
        private set => earliestExpiryTicks = value.UtcTicks;
    }

    /// <summary>Rows of those who hold money of this ledger.</summary>
    public HolderRows Holders => Related.Holders ??= new HolderRows();

    /// <summary>Whether there is any row, so that asking makes none.</summary>
    public bool HasHolders => relations?.Holders is not null;

    /// <summary>Through which entry the parent has booked this ledger's reports, as far as this activation knows.</summary>
    public long ParentKnowsThrough
    {
        get => relations?.ParentKnowsThrough ?? 0;
        set => Related.ParentKnowsThrough = value;
    }

    /// <summary>Whether the parent has said where it stands since this activation began.</summary>
    public bool IsParentHeard
    {
        get => relations?.IsParentHeard ?? false;
        set => Related.IsParentHeard = value;
    }

    /// <summary>What the parent said counts no more.</summary>
    /// <param name="isPurgeDue">Whether only what it proves counts from now on.</param>
    public void DoubtParent(bool isPurgeDue)
    {
        if (relations is not null || isPurgeDue)
            (Related.IsParentHeard, Related.WantsProof) = (false, isPurgeDue);
    }

    /// <summary>Whether only an answer that stands on a read of the parent's store counts: this ledger is about to be purged.</summary>
    public bool WantsProof => relations?.WantsProof ?? false;

    /// <summary>The epoch that the parent books in, as far as this activation knows.</summary>
    public int ParentKnowsEpoch
    {
        get => relations?.ParentKnowsEpoch ?? 0;
        set => Related.ParentKnowsEpoch = value;
    }

    /// <summary>What is lacking of the parent's money.</summary>
    public Needs Needs => Related.Needs ??= new Needs();

    /// <summary>The same, so that asking makes none.</summary>
    public Needs? NeedsOrNull => relations?.Needs;

    /// <summary>Who waits for a tenant's money.</summary>
    public TenantDesk Desk => Related.Desk ??= new TenantDesk();

    /// <summary>The same, so that asking makes none.</summary>
    public TenantDesk? DeskOrNull => relations?.Desk;

    /// <summary>Who waits for the session's money.</summary>
    public ReserveLine Line => Related.Line ??= new ReserveLine();

    /// <summary>The same, so that asking makes none.</summary>
    public ReserveLine? LineOrNull => relations?.Line;

    /// <summary>How far the last hold has come. Those who have ended by a stop have written it.</summary>
    public HoldCount HoldCount() =>
        !HasHolders
            ? default
            : Holders.Count(
                Head.HoldNumber,
                Head.Tenant is { StoppedBy: not PauseSources.None } tenant
                    ? Math.Max(tenant.StoppedHolders, Head.OpenHolders)
                    : Head.OpenHolders
            );

    /// <summary>What a tenant has heard of the defaults above it.</summary>
    public Inheritance Inheritance => Related.Inheritance ??= new Inheritance();

    /// <summary>The same, so that asking makes none.</summary>
    public Inheritance? InheritanceOrNull => relations?.Inheritance;

    // Most sessions have neither holders nor a parent, and nobody waits.
    private Relations Related => relations ??= new Relations();

    public int OpenChildren => Head.Children.Count(child => child.IsOpen);

    public Reservation? FindOpen(long reservationId) => open.GetValueOrDefault(reservationId);

    /// <summary>Asks for the memory that a decision is going to touch.</summary>
    public void Prefetch()
    {
        Prefetcher.Fetch(Head, 3);
        loops?.Prefetch();
        Head.Breakdown.Prefetch();
    }

    /// <summary>What the sense of loops says of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="child">The shared child that makes it.</param>
    /// <param name="now">The time.</param>
    /// <param name="cost">What it has cost already.</param>
    /// <param name="asked">What it asks for.</param>
    public LoopEvidence? FindLoop(Call call, string? child, DateTimeOffset now, Money cost, Money asked) =>
        LoopSense.Judge(
            loops,
            Head.Options!.Loops,
            call,
            child,
            new LoopMoment(LoopSense.Milliseconds(now), Head.Sequence, Head.Spent + cost, cost, asked, Head.Budget)
        );

    /// <summary>
    /// Whether the same call, or for a model another one, of the same agent is under way: what is asked for in one go counts once.
    /// </summary>
    public bool IsConcurrent(Call call, string? child)
    {
        if (open.Count == 0 || !Head.Options!.Loops.Enabled || (call.Fingerprint == 0 && call.Kind == CallKind.Tool))
            return false;
        foreach (var reservation in open.Values)
        {
            var other = reservation.Call;
            if (
                other.Kind == call.Kind
                && (call.Kind == CallKind.Model || other.Fingerprint == call.Fingerprint)
                && other.Agent == call.Agent
                && reservation.Child == child
            )
                return true;
        }

        return false;
    }

    /// <summary>Applies an entry and says what it led to.</summary>
    public void Apply(Entry entry)
    {
        Head = SessionFold.Next(Head, entry);
        switch (EntryKinds.Of(entry).Reservation)
        {
            case ReservationEffect.Opens:
                Add(Reservation.Of(entry));
                break;
            case ReservationEffect.Extends:
                Add(open[entry.Related] with { ExpiresAt = entry.ExpiresAt!.Value });
                break;
            case ReservationEffect.Grows:
                Add(Reservation.GrownBy(entry));
                break;
            case ReservationEffect.Ends when !open.Remove(entry.Related):
                throw new LedgerLawViolationException($"Entry {entry.Sequence} ends reservation {entry.Related}, which is not open (L6).");
        }

        if (entry.Holder is { } change)
            Put(change.Row, entry.Sequence);
        Remember(entry, Head.Spent);
    }

    private void Put(HolderRow row, long sequence)
    {
        Holders.Put(row, sequence);
        // One that is open under this id may be another life's.
        if (!row.IsOpen && !Holders.Open.ContainsKey(row.HolderId))
            DeskOrNull?.Drop(row.HolderId);
    }

    /// <summary>The operation under way that has the key, or null.</summary>
    public Intent? FindIntent(string key)
    {
        if (Head.Family is not { Intents: var intents })
            return null;
        for (var i = 0; i < intents.Count; i++)
        {
            if (intents[i].Key == key)
                return intents[i];
        }

        return relations?.Holders?.FindIntent(key);
    }

    /// <summary>Takes up an open reservation that was stored.</summary>
    public void Add(Reservation reservation)
    {
        if (ReferenceEquals(open, None))
            open = [];
        open[reservation.Id] = reservation;
        if (reservation.ExpiresAt < EarliestExpiry)
            EarliestExpiry = reservation.ExpiresAt;
    }

    /// <summary>Feeds the sense of loops with an entry: from this turn, or read back from the timeline.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="spent">What was spent after it.</param>
    public void Remember(Entry entry, Money spent)
    {
        if (entry.Kind == EntryKind.Resumed && entry.Signals.HasFlag(EntrySignals.BreakerClosed))
            loops = null;
        var policy = Head.Options?.Loops;
        if (entry.Call is not { } call || policy is not { Enabled: true })
            return;
        var kind = EntryKinds.Of(entry);
        // Before a warning of this very entry is remembered, which knows of its cost.
        if (kind.IsCost && loops?.Warnings is { } warnings)
            warnings.Spend(CallTraits.ScopeOf(call, entry.Child), entry.Amount);
        var step = kind.CallStep;
        // A charge that is related to another entry settles late: it was counted when it was reserved.
        if (step == CallStep.Whole && entry.Related != 0)
            step = CallStep.Ends;
        if (step is CallStep.Begins or CallStep.Whole)
            Begin(entry, call, policy, step == CallStep.Whole ? spent - entry.Amount : spent);
        var begun = step == CallStep.Whole ? entry.Sequence : entry.Related;
        if (step is CallStep.Ends or CallStep.Whole && call.Result != 0)
            loops?.SetResult(begun, call.Result, call.Failed);
    }

    private void Begin(Entry entry, Call call, LoopPolicy policy, Money spentBefore)
    {
        if (call.AfterUser)
            loops = null;
        if (entry.Signals.HasFlag(EntrySignals.Concurrent))
            return;
        var traits = CallTraits.Of(call, entry.Child, policy);
        (loops ??= new LoopMemory(policy.LongestWindow)).Add(traits, entry.Sequence, entry.At, spentBefore);
        if (entry.Signals.HasFlag(EntrySignals.LoopWarning))
            loops.Warned(traits.Scope, entry);
    }

    /// <summary>Reservations that expire at or before the time, in the order in which they do; the bound is set anew.</summary>
    public IReadOnlyList<Reservation> TakeDue(DateTimeOffset now)
    {
        if (EarliestExpiry > now)
            return [];
        EarliestExpiry = DateTimeOffset.MaxValue;
        List<Reservation> due = [];
        foreach (var reservation in open.Values)
        {
            if (reservation.ExpiresAt <= now)
                due.Add(reservation);
            else if (reservation.ExpiresAt < EarliestExpiry)
                EarliestExpiry = reservation.ExpiresAt;
        }

        due.Sort((left, right) => (left.ExpiresAt, left.Id).CompareTo((right.ExpiresAt, right.Id)));
        return due;
    }

    private sealed class Relations
    {
        public HolderRows? Holders { get; set; }

        public Needs? Needs { get; set; }

        public TenantDesk? Desk { get; set; }

        public ReserveLine? Line { get; set; }

        public Inheritance? Inheritance { get; set; }

        public long ParentKnowsThrough { get; set; }

        public int ParentKnowsEpoch { get; set; }

        public bool IsParentHeard { get; set; }

        public bool WantsProof { get; set; }
    }
}
