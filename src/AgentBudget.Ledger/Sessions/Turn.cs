namespace AgentBudget.Ledger;

/// <summary>One command being decided: ledger time, what was looked up, and the entries written so far.</summary>
internal sealed class Turn(SessionState state, SessionCommand? command, LookUps lookUps, DateTimeOffset now)
{
    private List<Entry>? entries;
    private long? bodyHash;

    public SessionState State => state;

    public SessionHead Head => state.Head;

    public LookUps LookUps => lookUps;

    /// <summary>Ledger time: the clock, but never before the last entry, so that expiry against settle is decided by sequence.</summary>
    public DateTimeOffset Time { get; } = now > state.Head.LastEntryAt ? now : state.Head.LastEntryAt;

    public IReadOnlyList<Entry> Entries => entries ?? [];

    public long BodyHash => bodyHash ??= command!.HashBody();

    /// <summary>
    /// The entry of this very turn that gave the reservation back, or null. It was open until the command came, so nobody looked it up.
    /// </summary>
    public Entry? FindGivenBack(long reservationId) =>
        entries?.Find(entry => entry.Related == reservationId && entry.Kind is EntryKind.Expired or EntryKind.Released);

    /// <summary>Starts an entry that the command asked for: it carries the command's key.</summary>
    public Entry Draft(EntryKind kind, Money amount) => new()
    {
        Sequence = Head.Sequence + 1,
        At = Time,
        Kind = kind,
        Amount = amount,
        Key = command?.Key,
        BodyHash = BodyHash,
    };

    /// <summary>Starts an entry that the ledger makes by itself.</summary>
    public Entry DraftUnasked(EntryKind kind, Money amount) => new() { Sequence = Head.Sequence + 1, At = Time, Kind = kind, Amount = amount };

    /// <summary>Writes an entry: applies it and keeps it for the timeline.</summary>
    public Entry Write(Entry entry)
    {
        state.Apply(entry);
        entry.After = state.Head.Standing;
        (entries ??= new List<Entry>(1)).Add(entry);
        return entry;
    }

    /// <summary>Writes the entry and answers with it.</summary>
    public SessionAnswer Answer(Entry entry) => SessionAnswer.Of(Write(entry));

    /// <summary>Refuses.</summary>
    public SessionAnswer Refuse(RefusalReason reason, TimeSpan? retryAfter = null, LoopEvidence? loop = null, EntrySignals signals = EntrySignals.None)
    {
        var available = Head.IsOpened ? Limits.Room(Head, isFinal: false) : Money.Zero;
        return new SessionAnswer
        {
            Standing = Head.Standing,
            Refusal = new Refusal(reason, available, retryAfter, loop),
            Signals = signals,
        };
    }
}
