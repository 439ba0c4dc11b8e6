using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>Reads one ledger through one connection. Not for several threads at once.</summary>
/// <param name="connection">The connection, which it closes at its end.</param>
/// <param name="filePath">The file.</param>
/// <param name="writersTail">
/// The tail of this process's writer; null when another process is the writer. Then each reading looks into the journal itself.
/// </param>
internal sealed partial class SqliteReader(SqliteConnection connection, string filePath, JournalTail? writersTail) : IDisposable
{
    private JournalTail tail = writersTail ?? new JournalTail(TimeProvider.System);
    private long? seenVersion;

    // Where in an entry's row what LedgerRows reads begins.
    private const int EntryAt = 2;

    /// <summary>The id of the entry under a key that came in order: the run that it falls into, then the entries of the run.</summary>
    public const string EntryIdByOrderedKey = """
        SELECT e.id FROM (
            SELECT first_id, count, first_key FROM entry_run
            WHERE ledger_no = ?1 AND last_key IS NOT NULL AND last_key >= ?2 ORDER BY last_key LIMIT 1) r
        JOIN entry e ON e.id >= r.first_id AND e.id < r.first_id + r.count
        WHERE r.first_key <= ?2 AND e.key = ?2 LIMIT 1
        """;

    /// <summary>Reads, with all that stands in the tables as of one moment, which is not before the tail is looked at.</summary>
    public T Read<T>(Func<SqliteReader, T> read)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        if (writersTail is null)
            FollowJournal();
        return read(this);
    }

    public HolderRow? FindHolder(string ledgerId, string holderId, long holderLife)
    {
        var waiting = tail.Find(ledgerId);
        if (FindSession(ledgerId) is not { } session)
            return null;
        var beside = SideTable.ReadOf(connection, session.No, holderId, holderLife);
        if (waiting?.No == session.No)
            Follow(beside, waiting, session.Sequence);
        return beside.FindHolder(holderId, holderLife);
    }

    public IReadOnlyList<Entry> Read(string ledgerId, long fromSequence, int count) =>
        Read(ledgerId, tail.Find(ledgerId), fromSequence, count);

    /// <summary>The same, with what was waiting when it was looked at: before the first look into the tables.</summary>
    private Entry[] Read(string ledgerId, TailSnapshot? waiting, long fromSequence, int count)
    {
        if (FindSession(ledgerId) is not { } session)
            return [];
        var throughSequence = fromSequence > long.MaxValue - count ? long.MaxValue : fromSequence + count - 1;
        // What was trimmed may still stand there, in part.
        if (fromSequence <= session.Trimmed)
            (fromSequence, count) = (session.Trimmed + 1, (int)Math.Max(0, throughSequence - session.Trimmed));
        var entries = Merged(
            session.No,
            PageOf(waiting, fromSequence, count),
            """
            SELECT e.* FROM entry_run r
            JOIN entry e ON e.id BETWEEN r.first_id + max(0, $from - r.first_sequence)
                AND r.first_id + min(r.count - 1, $through - r.first_sequence)
            WHERE r.ledger_no = $no AND r.first_sequence <= $through AND r.first_sequence >= coalesce(
                (SELECT max(first_sequence) FROM entry_run WHERE ledger_no = $no AND first_sequence <= $from), 0)
            """,
            ("$no", session.No),
            ("$from", fromSequence),
            ("$through", throughSequence)
        );
        // Numbered without gaps, and up to the head.
        var first = Math.Max(1, fromSequence);
        var last = Math.Min(throughSequence, Math.Max(session.Sequence, waiting?.Entries[^1].Sequence ?? 0));
        if (entries.Length != Math.Max(0, last - first + 1) || (entries.Length > 0 && entries[0].Sequence != first))
            throw new InvalidDataException(
                $"Of the entries {first} to {last} of session number {session.No}, {entries.Length} were found."
            );
        return entries;
    }

    public Entry? FindByKey(string ledgerId, string key)
    {
        var waiting = tail.Find(ledgerId);
        if (FindSession(ledgerId) is not { } session)
            return null;
        var hash = (long)BodyHash.Of(key);
        var entries = Merged(
            session.No,
            waiting?.Entries.Where(entry => entry.KeyHash == hash),
            $"""
            SELECT e.* FROM entry e
            WHERE e.id IN (SELECT id FROM entry_key WHERE ledger_no = ?1 AND key = ?2) OR e.id IN ({EntryIdByOrderedKey})
            """,
            ("?1", session.No),
            ("?2", key)
        );
        return entries.FirstOrDefault(entry => entry.Key == key);
    }

    public IReadOnlyList<Entry> FindRelated(string ledgerId, long sequence)
    {
        var waiting = tail.Find(ledgerId);
        // Zero stands for no entry.
        if (sequence == 0 || FindSession(ledgerId) is not { } session)
            return [];
        return Merged(
            session.No,
            waiting?.Entries.Where(entry => entry.Packed.Related == sequence && entry.Packed.IsLookedUp),
            """
            SELECT e.* FROM entry_related r JOIN entry e ON e.id = r.id
            WHERE r.ledger_no = $no AND r.related = $related
            """,
            ("$no", session.No),
            ("$related", sequence)
        );
    }

    public IReadOnlyList<string> FindDue(DateTimeOffset now, int skip, int count)
    {
        var waiting = tail.Heads();
        using var command = Command(
            "SELECT ledger_id, due_at FROM ledger_head WHERE due_at <= $now ORDER BY due_at LIMIT $count",
            ("$now", now.UtcTicks),
            ("$count", skip + count + waiting.Count)
        );
        using var reader = command.ExecuteReader();
        var due = new List<(string SessionId, long DueAt)>();
        while (reader.Read())
        {
            if (!waiting.ContainsKey(reader.GetString(0)))
                due.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        // A session that is set aside takes no more operations, and is not woken for any.
        due.AddRange(
            waiting.Where(pair => pair.Value.DueAt <= now && !pair.Value.IsSetAside).Select(pair => (pair.Key, pair.Value.DueAt.UtcTicks))
        );
        return due.OrderBy(pair => pair.DueAt).Skip(skip).Take(count).Select(pair => pair.SessionId).ToArray();
    }

    public IReadOnlyList<SessionHead> List(SessionListing listing)
    {
        var waiting = tail.Heads();
        if (listing.Status is not null || listing.HidesClosed || listing.DearestFirst)
            return ListSome(listing, waiting);
        var heads = new List<SessionHead>();
        var after = listing.AfterSessionId;
        int wanted;
        List<SessionHead> page;
        do
        {
            wanted = listing.Count - heads.Count;
            page = ReadHeads(listing with { AfterSessionId = after }, wanted);
            foreach (var head in page)
            {
                var newest =
                    waiting.TryGetValue(head.SessionId, out var newer) && newer.IsHeadKnown && newer.Head.Sequence > head.Sequence
                        ? newer.Head
                        : head;
                // At zero it was committed a moment ago, and nobody was answered yet.
                if (newest.Sequence > 0)
                    heads.Add(newest);
                after = head.SessionId;
            }
        }
        // What was passed over leaves room for what comes after it.
        while (page.Count == wanted && heads.Count < listing.Count);

        return heads;
    }

    public void Dispose() => connection.Dispose();

    // The journal and the tables are read as of the same moment, so what was moved in the meantime is seen in one of them.
    private void FollowJournal()
    {
        var version = SqliteSchema.Scalar(connection, "PRAGMA data_version");
        if (version == seenVersion)
            return;
        var fresh = new JournalTail(TimeProvider.System);
        new JournalRecovery(connection, filePath, fresh).Fill();
        (tail, seenVersion) = (fresh, version);
    }

    // What the tables have of it is not to be done once more: they may be ahead of what was waiting when it was looked at.
    private static void Follow(SideRows beside, TailSnapshot waiting, long throughSequence)
    {
        foreach (var entry in waiting.Entries)
        {
            if (entry.Sequence > throughSequence)
                beside.Follow(EntryRows.ChangeOf(entry.Packed));
        }
    }

    private (long No, long Sequence, long Trimmed)? FindSession(string ledgerId)
    {
        using var command = Command($"SELECT {HeadRows.Columns} FROM ledger_head WHERE ledger_id = $id", ("$id", ledgerId));
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return null;
        LedgerTable.Heads.Verify(reader, HeadRows.HeadRowAt);
        return (reader.GetInt64(HeadRows.NoAt), reader.GetInt64(1), reader.GetInt64(HeadRows.TrimmedAt));
    }

    // Entries of a session follow one another, so the page is found by counting.
    private static ArraySegment<TailEntry> PageOf(TailSnapshot? waiting, long fromSequence, int count)
    {
        if (waiting is null)
            return ArraySegment<TailEntry>.Empty;
        var entries = waiting.Entries;
        var start = Math.Clamp(fromSequence - entries[0].Sequence, 0, entries.Count);
        var end = Math.Clamp(fromSequence - entries[0].Sequence + count, start, entries.Count);
        return entries.Slice((int)start, (int)(end - start));
    }

    // What waits in the journal and what stands in the tables, by sequence; some may be seen in both.
    private Entry[] Merged(
        long ledgerNo,
        IEnumerable<TailEntry>? waiting,
        string sql,
        params ReadOnlySpan<(string Name, object Value)> parameters
    )
    {
        var entries = new SortedDictionary<long, Entry>();
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            LedgerTable.Entries.Verify(reader);
            if (reader.GetInt64(1) is var foundNo && foundNo != ledgerNo)
                throw new InvalidDataException($"An entry of session number {foundNo} stands among those of {ledgerNo}.");
            var entry = LedgerRows.ReadEntry(reader, EntryAt);
            entries[entry.Sequence] = entry;
        }

        foreach (var entry in waiting ?? [])
            entries[entry.Sequence] = entry.Packed.ToEntry();
        return [.. entries.Values];
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
