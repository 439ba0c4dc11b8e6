namespace AgentBudget.Orleans.Storage;

/// <summary>
/// Where ledgers live. A store holds, for each ledger, one head row and its entries; it fences writers by the head's sequence and never
/// rewrites an entry. Sessions are ledgers; others have ids that no session can have (<see cref="LedgerIds"/>).
/// </summary>
/// <remarks>
/// A store that is away throws <see cref="LedgerStoreUnavailableException"/>. Reads give what is durable, and nothing else.
/// </remarks>
public interface ILedgerStore
{
    /// <summary>How many independent parts the store has: one can be slow or away without the others. At least 1; it never
    /// changes.</summary>
    int Partitions { get; }

    /// <summary>In which of them a ledger's rows are: 0 up to one less than <see cref="Partitions"/>.</summary>
    int PartitionOf(string ledgerId);

    /// <summary>
    /// For how many batches of a partition <see cref="AppendAsync"/> may be called at once. A ledger that is in two of them is fenced in
    /// one, as if two silos wrote it. At least 1, as by default; it never changes.
    /// </summary>
    int BatchesAtOnce => 1;

    /// <summary>What was written, in order, for those who follow it.</summary>
    ILedgerFeedStore Feed { get; }

    /// <summary>What goes out of it, as those keep it who send it.</summary>
    IDeliveryStore Deliveries { get; }

    /// <summary>Opens the store, brings its schema up to date and recovers. Called once, before anything else.</summary>
    /// <exception cref="LedgerStoreUnavailableException">The store cannot be used; the message names it and the mend.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes one batch, durable on return. Each append stands or falls alone: it is written if the ledger's head is of the life and at
    /// the sequence that the append expects, and fenced otherwise; fenced, too, if one of its idempotency keys stands in the ledger
    /// already. An append that the head names as its last is answered as written, so that a batch whose answer was lost can be sent again.
    /// What else an entry makes than its own row, <see cref="EntryRows"/> says. It is to return its task soon: callers of the batch before
    /// may be told then only.
    /// </summary>
    /// <returns>One outcome for each append, in order.</returns>
    /// <exception cref="Exception">Nothing of the batch was written, or it is unknown whether it was.</exception>
    ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch);

    /// <summary>Head, open reservations and open holders of a ledger; null when it does not exist.</summary>
    ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken);

    /// <summary>The head of a ledger alone; null when it does not exist. For whoever asks only whether it has moved: a ledger can have
    /// thousands of open rows.</summary>
    ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken);

    /// <summary>Entries from a sequence on, oldest first: of so many sequences those that have been written and were not trimmed.</summary>
    ValueTask<IReadOnlyList<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken);

    /// <summary>The entry under an idempotency key, or null.</summary>
    ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken);

    /// <summary>Entries with <see cref="EntryRows.IsLookedUp"/> that are related to an entry, oldest first.</summary>
    ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken);

    /// <summary>The row of a holder of a ledger's money in one of its lives, open or closed: the one with the highest number; null when
    /// there is none.</summary>
    /// <param name="ledgerId">The ledger.</param>
    /// <param name="holderId">The holder's id.</param>
    /// <param name="holderLife">Which life of that id; 0 for a holder that has not registered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken);

    /// <summary>
    /// Ids of ledgers whose due time has come, soonest first, after the first few. Of partitions that are away it gives none, unless
    /// all of them are.
    /// </summary>
    ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken);

    /// <summary>Sets a ledger's due time if its head is still of the life and at the sequence; nothing else changes.</summary>
    ValueTask RescheduleAsync(string ledgerId, long life, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Deletes a ledger whole, in every table, if its head is still of the life and at the sequence.</summary>
    ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the entries of a ledger up to a sequence, and touches neither its head nor what is open: for ledgers that never end. What is
    /// deleted is read no more, and its keys are free. Trimming what is not there does nothing.
    /// </summary>
    ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken);

    /// <summary>Rows of holders of a ledger's money that are closed, by their numbers.</summary>
    /// <param name="ledgerId">The ledger.</param>
    /// <param name="afterNumber">Those behind this one; 0 for the first.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes rows of holders that are closed, by their numbers. Those that are open stay, and what is not there is no
    /// error.</summary>
    ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken);

    /// <summary>Heads of sessions, ledgers of other kinds left out: those that the listing names, in the order that it names.</summary>
    ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken);
}

/// <summary>
/// A store that writes at once, without waiting for a disk. There is nothing to gather for it, so entries go to it from the turn that
/// decided them, and the answer need not wait for the writer.
/// </summary>
public interface IImmediateLedgerStore : ILedgerStore
{
    /// <summary>Where one ledger's appends go. Good for as long as the store is; to be asked for when there is something to
    /// append.</summary>
    IImmediateLedger LedgerOf(string ledgerId);
}

/// <summary>One ledger of an <see cref="IImmediateLedgerStore"/>.</summary>
public interface IImmediateLedger
{
    /// <summary>Writes one append, as <see cref="ILedgerStore.AppendAsync"/> does.</summary>
    AppendOutcome Append(in LedgerAppend append);

    /// <summary>A hint that an append is near, so that the memory that it is going to touch can be asked for. Changes nothing, and may be
    /// called at any time, from many threads. By default nothing is done.</summary>
    /// <param name="keyHash">The hash of its key; 0 without one.</param>
    void Prefetch(ulong keyHash) { }
}

/// <summary>A ledger as it was stored.</summary>
/// <param name="Head">Its head.</param>
/// <param name="OpenReservations">Its open reservations.</param>
/// <param name="OpenHolders">The open rows of those who hold money of it.</param>
/// <param name="DueAt">The due time stored with it.</param>
public sealed record StoredLedger(
    SessionHead Head,
    IReadOnlyList<Reservation> OpenReservations,
    IReadOnlyList<HolderRow> OpenHolders,
    DateTimeOffset DueAt
)
{
    /// <summary>What is reserved, by all that is open: as much as the head says, unless a row was lost or made.</summary>
    public Money Reserved
    {
        get
        {
            var reserved = OpenReservations.Aggregate(Money.Zero, (sum, reservation) => sum + reservation.Amount);
            return OpenHolders.Aggregate(reserved, (sum, holder) => sum + holder.SetAside);
        }
    }
}

/// <summary>Consecutive entries of one ledger, and the head after them.</summary>
/// <param name="AppendId">Names this append, to recognise it when its answer was lost.</param>
/// <param name="ExpectedSequence">The sequence that the stored head must have; 0 when the ledger must not exist.</param>
/// <param name="Entries">The entries, oldest first; at least one.</param>
/// <param name="Head">The head after the last of them.</param>
/// <param name="DueAt">When the ledger wants to be tended.</param>
/// <param name="IsDueChanged">
/// Whether the due time may differ from the stored one, as always in a first append. Otherwise it is the stored one, and need not be
/// written.
/// </param>
public readonly record struct LedgerAppend(
    long AppendId,
    long ExpectedSequence,
    IReadOnlyList<Entry> Entries,
    SessionHead Head,
    DateTimeOffset DueAt,
    bool IsDueChanged
)
{
    /// <summary>
    /// The life that the stored head must have: that of the head after the entries, for a ledger's life begins with its first entry and
    /// does not change; 0 when the ledger must not exist. An id that was purged and opened again is another ledger at the same sequence,
    /// too.
    /// </summary>
    public long ExpectedLife => ExpectedSequence == 0 ? 0 : Head.Life;

    /// <summary>The last entry before these that has events; 0 for none.</summary>
    public long PreviousEvent { get; init; }

    /// <summary>Whether any of the entries has events, so that the feed has to name them.</summary>
    public bool HasEvents => Head.LastEventSequence > ExpectedSequence;

    /// <summary>Which events are among the entries.</summary>
    public EventKinds EventKinds
    {
        get
        {
            var kinds = EventKinds.None;
            for (var i = 0; i < Entries.Count; i++)
                kinds |= BudgetEvents.KindsOf(Entries[i]);
            return kinds;
        }
    }

    /// <summary>Whether the entries follow the expected sequence and lead to the head (L7). Nothing else may be handed to a
    /// store.</summary>
    public bool IsInOrder =>
        Entries.Count > 0 && Entries[0].Sequence == ExpectedSequence + 1 && Head.Sequence == ExpectedSequence + Entries.Count;
}

/// <summary>What became of an append.</summary>
public enum AppendOutcome : byte
{
    /// <summary>It is durable.</summary>
    Written = 0,

    /// <summary>
    /// Nothing of the append was written: the head is of another life or not at the expected sequence, because somebody else wrote; or one
    /// of its keys stands in the ledger already; or the store takes no more of the ledger, and says why when it is loaded.
    /// </summary>
    Fenced = 1,
}
