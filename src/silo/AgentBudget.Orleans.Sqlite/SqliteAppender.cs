using AgentBudget.Orleans.Sqlite.Feed;
using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Writes batches: for each session a compare-and-swap of its head's sequence, then its entries into the journal, in a few rows for
/// the whole batch. This process holds the file's lock, so the heads that it knows are the heads there are. Used by the writer's thread
/// alone.
/// </summary>
internal sealed class SqliteAppender : IDisposable
{
    // No append expects it.
    private const long NoSequence = -1;

    private readonly JournalTail tail;
    private readonly Dictionary<string, KnownSession> known = new(StringComparer.Ordinal);
    private readonly JournalChunks chunks = new();
    private readonly List<TailEntry> places = [];
    private readonly List<(KnownSession Session, LedgerAppend Append, int Places)> accepted = [];
    private readonly SqliteConnection connection;
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement findSession;
    private readonly KeyOrder keyOrder;
    private readonly Statement findKey;
    private readonly Statement findKeyInRun;
    private readonly Statement insertHead;
    private readonly Statement insertJournal;
    private readonly FeedWriter feed;
    private long lastSessionNo;

    public SqliteAppender(SqliteConnection connection, JournalTail tail, long lastJournalId)
    {
        this.connection = connection;
        this.tail = tail;
        NextJournalId = lastJournalId + 1;
        lastSessionNo = SqliteSchema.Scalar(connection, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'ledger_head'");
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        findSession = new Statement(connection, "SELECT no, life, sequence, append_id FROM ledger_head WHERE ledger_id = ?");
        keyOrder = new KeyOrder(connection);
        findKey = new Statement(connection, "SELECT id FROM entry_key WHERE ledger_no = ? AND key = ?");
        findKeyInRun = new Statement(connection, SqliteReader.EntryIdByOrderedKey);
        // What else a head holds comes with its first projection.
        insertHead = new Statement(
            connection,
            "INSERT INTO ledger_head VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        );
        feed = new FeedWriter(tail.Feed);
        insertJournal = new Statement(connection, "INSERT INTO journal VALUES (?, ?, ?)");
    }

    /// <summary>The row that the journal gets next.</summary>
    public long NextJournalId { get; private set; }

    /// <summary>Writes a batch in one transaction; durable on return. On an exception nothing of it was written.</summary>
    public AppendOutcome[] Append(IReadOnlyList<LedgerAppend> batch)
    {
        var outcomes = new AppendOutcome[batch.Count];
        places.Clear();
        accepted.Clear();
        chunks.Begin();
        feed.Begin();
        var lastSessionNoBefore = lastSessionNo;
        begin.Run();
        try
        {
            for (var i = 0; i < outcomes.Length; i++)
                outcomes[i] = Append(batch[i]);
            feed.Write(chunks);
            chunks.Close();
            for (var i = 0; i < chunks.All.Count; i++)
                Insert(NextJournalId + i, chunks.All[i].Payload);
            commit.Run();
        }
        catch
        {
            // What was learnt in this transaction is void with it.
            known.Clear();
            lastSessionNo = lastSessionNoBefore;
            foreach (var statement in Statements)
                statement.Reset();
            RollBack(connection);
            throw;
        }

        var firstJournalId = NextJournalId;
        AddToTail();
        feed.Publish(firstJournalId);
        return outcomes;
    }

    /// <summary>The number of a session, or null when it does not exist.</summary>
    public long? FindSession(string ledgerId) => Find(ledgerId)?.No;

    /// <summary>Forgets a session that has left the journal: what is known is that of sessions in it, and bounded with it.</summary>
    public void Forget(string ledgerId) => known.Remove(ledgerId);

    /// <summary>Gives back the room that many sessions took here.</summary>
    public void TrimExcess() => known.TrimExcess();

    /// <summary>Takes back an open transaction, if there is one: on a full disk SQLite has done so by itself.</summary>
    public static void RollBack(SqliteConnection connection)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle!) == 0)
            SQLitePCL.raw.sqlite3_exec(connection.Handle!, "ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in Statements)
            statement.Dispose();
        keyOrder.Dispose();
        chunks.Dispose();
    }

    private Statement[] Statements => [begin, commit, findSession, findKey, findKeyInRun, insertHead, insertJournal];

    private AppendOutcome Append(LedgerAppend append)
    {
        var session = Find(append.Head.SessionId);
        if (session is not null && session.AppendId == append.AppendId)
            return AppendOutcome.Written;
        if ((session?.Life ?? 0, session?.Sequence ?? 0) != (append.ExpectedLife, append.ExpectedSequence))
            return AppendOutcome.Fenced;
        // The last fence of the law that a key stands once: it is reached only when a caller called a key fresh that was not.
        if (session is not null && HasKnownKey(session, append.Entries))
            return AppendOutcome.Fenced;
        session ??= Insert(append);
        var before = places.Count;
        chunks.Add(session.No, append, places);
        feed.Add(session.No, append);
        accepted.Add((session, append, places.Count - before));
        // Only what is written is kept: it leaves again when it is projected.
        known[append.Head.SessionId] = session;
        session.Wrote(append);
        return AppendOutcome.Written;
    }

    private void Insert(long journalId, ReadOnlySpan<byte> payload) => insertJournal.Bind(journalId).BindBlob(payload).BindChecksum().Run();

    private KnownSession? Find(string ledgerId)
    {
        if (known.TryGetValue(ledgerId, out var session))
            return session;
        var waiting = tail.Find(ledgerId);
        // Its rows are kept apart from the journal, which must not get more of it. Who asks for it is told so when it is loaded.
        if (waiting?.Failure is not null)
            return new KnownSession(waiting.No, life: 0) { Sequence = NoSequence, AppendId = waiting.AppendId };
        session = waiting is not null
            ? new KnownSession(waiting.No, waiting.Head.Life) { Sequence = waiting.Head.Sequence, AppendId = waiting.AppendId }
            : findSession
                .Bind(ledgerId)
                .First(static row => new KnownSession(row.Number(0), row.Number(1)) { Sequence = row.Number(2), AppendId = row.Number(3) });
        if (session is null)
            return null;
        session.LastKey = keyOrder.LastOf(session.No);
        foreach (var entry in waiting?.Entries ?? ArraySegment<TailEntry>.Empty)
        {
            if (entry.Packed.HasKey)
                session.SawKey(System.Text.Encoding.UTF8.GetString(entry.Packed.KeyUtf8));
        }

        return session;
    }

    private bool HasKnownKey(KnownSession session, IReadOnlyList<Entry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Key is { } key && !KeyOrder.IsAfter(key, session.LastKey) && HasKey(session.No, key, (long)entries[i].KeyHash))
                return true;
        }

        return false;
    }

    private bool HasKey(long ledgerNo, string key, long keyHash) =>
        tail.HasKey(ledgerNo, keyHash)
        || findKey.Bind(ledgerNo).Bind(key).First() is not null
        || findKeyInRun.Bind(ledgerNo).Bind(key).First() is not null;

    private KnownSession Insert(LedgerAppend append)
    {
        var head = append.Head;
        var no = ++lastSessionNo;
        insertHead.Bind(no).Bind(head.SessionId).Bind(head.Options?.Tenant?.ToString());
        if (LedgerJson.WriteOptions(head.Options) is { } options)
            insertHead.BindUtf8(options);
        else
            insertHead.BindNull();
        insertHead.Bind(head.Life).BindChecksum();
        // Sequence, append and the like: they stand in the journal, and come with the first projection.
        insertHead.Cover(no);
        for (var column = 0; column < 8; column++)
            insertHead.Bind(0);
        insertHead.Bind(head.OpenedAt).Bind(0).Bind(0).BindNull().BindUtf8("{}"u8).BindChecksum();
        insertHead.Cover(no).Bind(append.DueAt).BindChecksum();
        insertHead.Cover(no).Bind(0).BindChecksum().Run();
        return new KnownSession(no, head.Life);
    }

    private void AddToTail()
    {
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(places);
        foreach (var (session, append, count) in accepted)
        {
            tail.Add(session.No, NextJournalId, all[..count], append.Head, append.AppendId, append.DueAt);
            all = all[count..];
        }

        NextJournalId += chunks.All.Count;
    }

    /// <summary>A session as the writer knows it.</summary>
    private sealed class KnownSession(long no, long life)
    {
        public long No => no;

        public long Life => life;

        public long Sequence { get; set; }

        public long AppendId { get; set; }

        /// <summary>The last key that came in order.</summary>
        public string? LastKey { get; set; }

        public void Wrote(LedgerAppend append)
        {
            (Sequence, AppendId) = (append.Head.Sequence, append.AppendId);
            for (var i = 0; i < append.Entries.Count; i++)
            {
                if (append.Entries[i].Key is { } key)
                    SawKey(key);
            }
        }

        public void SawKey(string key)
        {
            if (KeyOrder.IsAfter(key, LastKey))
                LastKey = key;
        }
    }
}
