using AgentBudget.Orleans.Sqlite.Feed;
using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Spreads what stands in the journal over the tables, session by session: the entries that have gathered, then the head after the
/// last of them; and with each step all of the feed that waits. Used by the writer's thread alone.
/// </summary>
/// <remarks>
/// Its transactions need no synchronisation of their own: what they write stands in the journal already, durable. Rows of the journal
/// go only in a later transaction than the one that made them needless, so a crash that takes one back leaves the other.
/// </remarks>
internal sealed class SqliteProjector : IDisposable
{
    // A key that falls into the range of a run is looked for in all of it, also when it is a new one that does not come in order.
    private const int MaxRunEntries = 128;

    private readonly SqliteConnection connection;
    private readonly JournalTail tail;
    private readonly LedgerJsonWriter json = new();
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement updateHead;
    private readonly Statement insertEntry;
    private readonly Statement insertRun;
    private readonly Statement insertKey;
    private readonly Statement insertRelated;
    private readonly SideTable sideTable;
    private readonly FeedTable feed;
    private readonly Statement trimJournal;
    private readonly KeyOrder keyOrder;
    private readonly KeptSessions kept;
    private readonly ILogger logger;
    private long nextEntryId;

    /// <param name="connection">The writer's connection.</param>
    /// <param name="tail">What is to be projected.</param>
    /// <param name="logger">Is told of each session that the tables do not take, and why.</param>
    public SqliteProjector(SqliteConnection connection, JournalTail tail, ILogger logger)
    {
        this.connection = connection;
        this.tail = tail;
        this.logger = logger;
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        updateHead = new Statement(
            connection,
            """
            UPDATE ledger_head SET sequence = ?, append_id = ?, budget_nano_usd = ?, spent_nano_usd = ?, reserved_nano_usd = ?,
                open_reason = ?, paused_by = ?, end_reason = ?, opened_at = ?, last_entry_at = ?, last_activity_at = ?, ended_at = ?,
                detail = ?, checksum = ?, due_at = ?, due_checksum = ?
            WHERE no = ? AND sequence = ?
            """
        );
        insertEntry = new Statement(connection, "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insertRun = new Statement(connection, "INSERT INTO entry_run VALUES (?, ?, ?, ?, ?, ?, ?)");
        insertKey = new Statement(connection, "INSERT INTO entry_key VALUES (?, ?, ?, ?)");
        insertRelated = new Statement(connection, "INSERT INTO entry_related VALUES (?, ?, ?, ?)");
        sideTable = new SideTable(connection, json);
        feed = new FeedTable(connection, tail.Feed);
        trimJournal = new Statement(connection, "DELETE FROM journal WHERE id < ?");
        keyOrder = new KeyOrder(connection);
        kept = new KeptSessions(connection);
        nextEntryId = SqliteSchema.Scalar(connection, "SELECT coalesce(max(id), 0) + 1 FROM entry");
    }

    /// <summary>Projects the sessions that have waited longest, as many as it takes to have so many entries.</summary>
    /// <param name="entries">How many.</param>
    /// <param name="left">Gets the sessions that have left the journal, also when the rest fails.</param>
    public void ProjectOldest(int entries, List<TailSnapshot> left)
    {
        var oldest = tail.Oldest(entries);
        try
        {
            Project(oldest);
            left.AddRange(oldest);
        }
        catch (Exception exception) when (!SqliteErrors.IsOfTheStore(exception))
        {
            foreach (var session in oldest)
                ProjectOrSetAside(session, left);
        }
    }

    /// <summary>Projects one session that is not set aside.</summary>
    public void Project(TailSnapshot session) => Project([session]);

    /// <summary>Writes what of the feed stands in the journal into its table.</summary>
    public void ProjectFeed() => InTransaction(static () => { });

    /// <summary>Deletes what of the journal is not needed any more.</summary>
    /// <param name="nextJournalId">The row that comes next: with an empty tail, all before it goes.</param>
    public void Trim(long nextJournalId) => trimJournal.Bind(tail.FirstJournalId() ?? nextJournalId).Run();

    public void Dispose()
    {
        foreach (var statement in Statements)
            statement.Dispose();
        keyOrder.Dispose();
        kept.Dispose();
        sideTable.Dispose();
        feed.Dispose();
        json.Dispose();
    }

    private Statement[] Statements => [begin, commit, updateHead, insertEntry, insertRun, insertKey, insertRelated, trimJournal];

    // A session that cannot be projected must not keep the others in the journal, and the journal from being trimmed.
    private void ProjectOrSetAside(TailSnapshot session, List<TailSnapshot> left)
    {
        try
        {
            Project([session]);
        }
        catch (Exception exception) when (!SqliteErrors.IsOfTheStore(exception))
        {
            SetAside(session, exception);
        }

        left.Add(session);
    }

    private void SetAside(TailSnapshot session, Exception failure)
    {
        if (tail.EntriesSetAside + session.Entries.Count > JournalTail.MaxSetAside)
        {
            throw new LedgerStoreUnavailableException(
                $"The tables of the ledger {connection.DataSource} do not take session number {session.No}, and no more may be set aside "
                    + "than the "
                    + $"{tail.EntriesSetAside} entries that are; restore the ledger from a backup. ({failure.Message})",
                failure
            );
        }

        TailEntry[] entries = [];
        InTransaction(() => entries = kept.Keep(session));
        tail.SetAside(session, failure, entries);
        SqliteLog.SetAside(logger, failure, connection.DataSource, session.No, session.Entries.Count);
    }

    private void Project(List<TailSnapshot> sessions)
    {
        if (sessions.Count == 0)
            return;
        // Neighbours in the tables one after the other.
        sessions.Sort(static (left, right) => left.No.CompareTo(right.No));
        InTransaction(() =>
        {
            if (tail.FirstJournalId() is { } first)
                trimJournal.Bind(first).Run();
            foreach (var session in sessions)
                Write(session);
        });
        foreach (var session in sessions)
            tail.Remove(session);
    }

    private void InTransaction(Action write)
    {
        var firstId = nextEntryId;
        begin.Run();
        try
        {
            write();
            feed.Write();
            commit.Run();
        }
        catch
        {
            nextEntryId = firstId;
            foreach (var statement in Statements)
                statement.Reset();
            kept.Reset();
            sideTable.Reset();
            feed.Reset();
            SqliteAppender.RollBack(connection);
            throw;
        }

        feed.Committed();
    }

    private void Write(TailSnapshot session)
    {
        if (session.Failure is { } failure)
            throw new LedgerLawViolationException($"The entries in the journal do not follow from the tables: {failure.Message}");
        if (session.IsKept)
            kept.Remove(session.No);
        var lastKey = keyOrder.LastOf(session.No);
        for (var start = 0; start < session.Entries.Count; start += MaxRunEntries)
            WriteRun(session, start, Math.Min(MaxRunEntries, session.Entries.Count - start), ref lastKey);
        WriteHead(session);
    }

    private void WriteRun(TailSnapshot session, int start, int count, ref string? lastKey)
    {
        var firstId = nextEntryId;
        string? firstKey = null;
        for (var i = start; i < start + count; i++)
        {
            var packed = session.Entries[i].Packed;
            Insert(session.No, packed);
            if (packed.HasKey)
                PlaceKey(session.No, packed.KeyUtf8, ref firstKey, ref lastKey);
            if (packed.IsLookedUp)
                insertRelated.Bind(session.No).Bind(packed.Related).Bind(nextEntryId).BindChecksum().Run();
            if (packed.HasChange)
                sideTable.Follow(session.No, EntryRows.ChangeOf(packed));
            nextEntryId++;
        }

        insertRun
            .Bind(session.No)
            .Bind(session.Entries[start].Sequence)
            .Bind(firstId)
            .Bind(count)
            .Bind(firstKey)
            .Bind(firstKey is null ? null : lastKey)
            .BindChecksum()
            .Run();
    }

    // A key after all before it needs no row of its own: the run's range leads to it.
    private void PlaceKey(long ledgerNo, ReadOnlySpan<byte> keyUtf8, ref string? firstKey, ref string? lastKey)
    {
        var key = System.Text.Encoding.UTF8.GetString(keyUtf8);
        if (KeyOrder.IsAfter(key, lastKey))
        {
            firstKey ??= key;
            lastKey = key;
            return;
        }

        insertKey.Bind(ledgerNo).BindUtf8(keyUtf8).Bind(nextEntryId).BindChecksum().Run();
    }

    private void WriteHead(TailSnapshot session)
    {
        var head = session.Head;
        updateHead
            .Cover(session.No)
            .Bind(head.Sequence)
            .Bind(session.AppendId)
            .Bind(head.Budget)
            .Bind(head.Spent)
            .Bind(head.Reserved)
            .Bind((long)head.Breaker.OpenReason)
            .Bind((long)head.Breaker.PausedBy)
            .Bind((long)head.End)
            .Bind(head.OpenedAt)
            .Bind(head.LastEntryAt)
            .Bind(head.LastActivityAt);
        if (head.EndedAt is { } ended)
            updateHead.Bind(ended);
        else
            updateHead.BindNull();
        updateHead.BindUtf8(json.Write(head)).BindChecksum().Cover(session.No).Bind(session.DueAt).BindChecksum();
        var updated = updateHead.Bind(session.No).Bind(session.Entries[0].Sequence - 1).Run();
        if (updated != 1)
            throw new LedgerLawViolationException(
                $"The head of session number {session.No} is not where its journal begins, at {session.Entries[0].Sequence} (L7)."
            );
    }

    private void Insert(long ledgerNo, PackedEntry entry)
    {
        insertEntry.Bind(nextEntryId).Bind(ledgerNo).Bind(entry.Sequence).Bind(entry.AtUtcTicks).Bind((long)entry.Kind);
        if (entry.HasKey)
            insertEntry.BindUtf8(entry.KeyUtf8);
        else
            insertEntry.BindNull();
        insertEntry
            .Bind(entry.BodyHash)
            .Bind(entry.AmountNanoUsd)
            .Bind(entry.RequestedNanoUsd)
            .Bind(entry.Related)
            .Bind(entry.BudgetAfterNanoUsd)
            .Bind(entry.SpentAfterNanoUsd)
            .Bind(entry.ReservedAfterNanoUsd)
            .BindUtf8(entry.DetailUtf8)
            .BindChecksum()
            .Run();
    }
}
