namespace AgentBudget.Ledger;

/// <summary>A session in memory: its head, its open reservations and its loop window. Changed by entries alone.</summary>
internal sealed class SessionState
{
    private static readonly Dictionary<long, Reservation> None = new(0);

    private Dictionary<long, Reservation> open = None;
    private LoopWindow? loops;

    public SessionState(SessionHead head) => Head = head;

    public SessionHead Head { get; private set; }

    public IReadOnlyDictionary<long, Reservation> Open => open;

    /// <summary>No open reservation expires before this; it may be early, never late.</summary>
    public DateTimeOffset EarliestExpiry { get; private set; } = DateTimeOffset.MaxValue;

    public int OpenChildren => Head.Children.Count(child => child.IsOpen);

    public Reservation? FindOpen(long reservationId) => open.GetValueOrDefault(reservationId);

    public LoopEvidence? FindLoop(Call call, string? child, DateTimeOffset now) =>
        loops?.Check(call, child, Head.Options!.Loops.RuleFor(call.Name), now);

    /// <summary>Applies an entry and says what it led to.</summary>
    public void Apply(Entry entry)
    {
        Head = SessionFold.Next(Head, entry);
        switch (entry.Kind)
        {
            case EntryKind.Reserved:
                Add(new Reservation(entry.Sequence, entry.Amount, entry.Call!, entry.Child, entry.ExpiresAt!.Value));
                break;
            case EntryKind.Extended:
                Add(open[entry.Related] with { ExpiresAt = entry.ExpiresAt!.Value });
                break;
            case EntryKind.Settled or EntryKind.Released or EntryKind.Expired:
                if (!open.Remove(entry.Related))
                    throw new LedgerLawViolationException($"Entry {entry.Sequence} ends reservation {entry.Related}, which is not open (L6).");
                break;
        }

        Remember(entry);
    }

    /// <summary>Takes up an open reservation that was stored.</summary>
    public void Add(Reservation reservation)
    {
        if (ReferenceEquals(open, None)) open = [];
        open[reservation.Id] = reservation;
        if (reservation.ExpiresAt < EarliestExpiry) EarliestExpiry = reservation.ExpiresAt;
    }

    /// <summary>Feeds the loop window with an entry: from this turn, or read back from the timeline.</summary>
    public void Remember(Entry entry)
    {
        // A charge that settles late was counted when it was reserved.
        var isCall = entry.Kind == EntryKind.Reserved || (entry.Kind == EntryKind.Charged && entry.Related == 0);
        if (isCall && entry.Call is { Fingerprint: not 0 } call)
            (loops ??= new LoopWindow()).Add(call, entry.Child, entry.At, LongestWindow(Head.Options!.Loops));
        else if (entry.Kind == EntryKind.Resumed && entry.Signals.HasFlag(EntrySignals.BreakerClosed))
            loops?.Clear();
    }

    /// <summary>Reservations that expire at or before the time, in the order in which they do; the bound is set anew.</summary>
    public IReadOnlyList<Reservation> TakeDue(DateTimeOffset now)
    {
        if (EarliestExpiry > now) return [];
        EarliestExpiry = DateTimeOffset.MaxValue;
        List<Reservation> due = [];
        foreach (var reservation in open.Values)
        {
            if (reservation.ExpiresAt <= now) due.Add(reservation);
            else if (reservation.ExpiresAt < EarliestExpiry) EarliestExpiry = reservation.ExpiresAt;
        }

        due.Sort((left, right) => (left.ExpiresAt, left.Id).CompareTo((right.ExpiresAt, right.Id)));
        return due;
    }

    /// <summary>The longest window that any of the policy's rules looks back.</summary>
    public static TimeSpan LongestWindow(LoopPolicy policy)
    {
        var longest = policy.Rule.Window;
        if (policy.ByName.Count == 0) return longest;
        foreach (var rule in policy.ByName.Values)
        {
            if (rule.Window > longest) longest = rule.Window;
        }

        return longest;
    }
}
