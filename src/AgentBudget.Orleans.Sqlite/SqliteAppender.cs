using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Writes batches: for each session a compare-and-swap of its head, then its entries in order of arrival. Used by the writer's thread
/// alone.
/// </summary>
internal sealed class SqliteAppender : IDisposable
{
    private const int MaxKnownSessions = 65_536;

    private readonly UnindexedTail tail;
    private readonly Dictionary<string, long> sessionNumbers = new(StringComparer.Ordinal);
    private readonly List<(long SessionNo, TailEntry Entry)> written = [];
    private readonly LedgerJsonWriter json = new();
    private readonly SqliteConnection connection;
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement findSession;
    private readonly Statement findAppend;
    private readonly Statement findKey;
    private readonly Statement insertHead;
    private readonly Statement updateHead;
    private readonly Statement updateHeadAndDue;
    private readonly Statement insertEntry;
    private readonly Statement insertReservation;
    private readonly Statement extendReservation;
    private readonly Statement deleteReservation;

    public SqliteAppender(SqliteConnection connection, UnindexedTail tail)
    {
        const string changed = """
            sequence = ?, append_id = ?, budget_nano_usd = ?, spent_nano_usd = ?, reserved_nano_usd = ?, open_reason = ?, paused_by = ?,
            end_reason = ?, last_entry_at = ?, last_activity_at = ?, ended_at = ?, detail = ?
            """;
        this.connection = connection;
        this.tail = tail;
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        findSession = new Statement(connection, "SELECT no FROM session_head WHERE session_id = ?");
        findAppend = new Statement(connection, "SELECT append_id FROM session_head WHERE no = ?");
        findKey = new Statement(connection, "SELECT id FROM entry_by_key WHERE session_no = ? AND key_hash = ? LIMIT 1");
        insertHead = new Statement(connection, """
            INSERT INTO session_head (sequence, append_id, budget_nano_usd, spent_nano_usd, reserved_nano_usd, open_reason, paused_by,
                end_reason, last_entry_at, last_activity_at, ended_at, detail, due_at, session_id, opened_at, tenant, options)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        updateHead = new Statement(connection, $"UPDATE session_head SET {changed} WHERE no = ? AND sequence = ?");
        updateHeadAndDue = new Statement(connection, $"UPDATE session_head SET {changed}, due_at = ? WHERE no = ? AND sequence = ?");
        insertEntry = new Statement(connection, """
            INSERT INTO entry (session_no, sequence, at, kind, key, key_hash, body_hash, amount_nano_usd, requested_nano_usd, related,
                budget_after_nano_usd, spent_after_nano_usd, reserved_after_nano_usd, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        insertReservation = new Statement(connection, "INSERT INTO reservation VALUES (?, ?, ?, ?, ?, ?)");
        extendReservation = new Statement(connection, "UPDATE reservation SET expires_at = ? WHERE session_no = ? AND reservation_id = ?");
        deleteReservation = new Statement(connection, "DELETE FROM reservation WHERE session_no = ? AND reservation_id = ?");
    }

    /// <summary>Writes a batch in one transaction; durable on return. On an exception nothing of it was written.</summary>
    public AppendOutcome[] Append(IReadOnlyList<SessionAppend> batch)
    {
        var outcomes = new AppendOutcome[batch.Count];
        written.Clear();
        begin.Run();
        try
        {
            for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Append(batch[i]);
            commit.Run();
        }
        catch
        {
            // A number that was given to a session in this transaction is void with it.
            sessionNumbers.Clear();
            RollBack(connection);
            throw;
        }

        foreach (var (sessionNo, entry) in written) tail.Add(sessionNo, entry);
        return outcomes;
    }

    /// <summary>The number of a session, or null when it does not exist.</summary>
    public long? FindSession(string sessionId)
    {
        if (sessionNumbers.TryGetValue(sessionId, out var known)) return known;
        if (findSession.Bind(sessionId).First() is not { } number) return null;
        Remember(sessionId, number);
        return number;
    }

    /// <summary>Forgets a session that was purged.</summary>
    public void Forget(string sessionId) => sessionNumbers.Remove(sessionId);

    /// <summary>Takes back an open transaction, if there is one: on a full disk SQLite has done so by itself.</summary>
    public static void RollBack(SqliteConnection connection)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle!) == 0) SQLitePCL.raw.sqlite3_exec(connection.Handle!, "ROLLBACK");
    }

    public void Dispose()
    {
        Statement[] all =
        [
            begin, commit, findSession, findAppend, findKey, insertHead, updateHead, updateHeadAndDue, insertEntry,
            insertReservation, extendReservation, deleteReservation,
        ];
        foreach (var statement in all) statement.Dispose();
        json.Dispose();
    }

    private AppendOutcome Append(SessionAppend append)
    {
        var known = FindSession(append.Head.SessionId);
        if (append.ExpectedSequence == 0 && known is null)
        {
            var number = InsertHead(append);
            Remember(append.Head.SessionId, number);
            InsertEntries(number, append.Entries);
            return AppendOutcome.Written;
        }

        if (known is not { } sessionNo) return AppendOutcome.Fenced;
        // The last fence of the law that a key stands once: it is reached only when a caller called a key fresh that was not.
        if (append.ExpectedSequence != 0 && HasKnownKey(sessionNo, append.Entries))
            return IsLastAppend(sessionNo, append) ? AppendOutcome.Written : AppendOutcome.Fenced;
        if (append.ExpectedSequence == 0 || !UpdateHead(sessionNo, append))
            return IsLastAppend(sessionNo, append) ? AppendOutcome.Written : AppendOutcome.Fenced;
        InsertEntries(sessionNo, append.Entries);
        return AppendOutcome.Written;
    }

    private bool IsLastAppend(long sessionNo, SessionAppend append) => findAppend.Bind(sessionNo).First() == append.AppendId;

    private bool HasKnownKey(long sessionNo, IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Key is not { } key) continue;
            var hash = (long)BodyHash.Of(key);
            if (tail.FindByKey(sessionNo, hash) is not null || findKey.Bind(sessionNo).Bind(hash).First() is not null) return true;
        }

        return false;
    }

    private long InsertHead(SessionAppend append)
    {
        var head = append.Head;
        BindChanged(insertHead, append).Bind(append.DueAt).Bind(head.SessionId).Bind(head.OpenedAt).Bind(head.Options?.Tenant);
        if (LedgerJson.WriteOptions(head.Options) is { } options) insertHead.BindUtf8(options);
        else insertHead.BindNull();
        insertHead.Run();
        return SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle!);
    }

    private bool UpdateHead(long sessionNo, SessionAppend append)
    {
        var statement = append.IsDueChanged
            ? BindChanged(updateHeadAndDue, append).Bind(append.DueAt)
            : BindChanged(updateHead, append);
        return statement.Bind(sessionNo).Bind(append.ExpectedSequence).Run() == 1;
    }

    private Statement BindChanged(Statement statement, SessionAppend append)
    {
        var head = append.Head;
        statement.Bind(head.Sequence).Bind(append.AppendId).Bind(head.Budget).Bind(head.Spent).Bind(head.Reserved)
            .Bind((long)head.Breaker.OpenReason).Bind((long)head.Breaker.PausedBy).Bind((long)head.End)
            .Bind(head.LastEntryAt).Bind(head.LastActivityAt);
        if (head.EndedAt is { } ended) statement.Bind(ended);
        else statement.BindNull();
        return statement.BindUtf8(json.Write(head));
    }

    private void InsertEntries(long sessionNo, IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            var keyHash = entry.Key is null ? (long?)null : (long)BodyHash.Of(entry.Key);
            insertEntry.Bind(sessionNo).Bind(entry.Sequence).Bind(entry.At).Bind((long)entry.Kind).Bind(entry.Key);
            if (keyHash is { } hash) insertEntry.Bind(hash);
            else insertEntry.BindNull();
            insertEntry.Bind(entry.BodyHash).Bind(entry.Amount).Bind(entry.Requested).Bind(entry.Related)
                .Bind(entry.After.Budget).Bind(entry.After.Spent).Bind(entry.After.Reserved)
                .BindUtf8(json.Write(entry)).Run();
            var id = SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle!);
            written.Add((sessionNo, new TailEntry(id, entry.Sequence, keyHash, entry.IsRelatedLookup ? entry.Related : 0)));
            KeepReservation(sessionNo, entry);
        }
    }

    private void KeepReservation(long sessionNo, Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Reserved:
                insertReservation.Bind(sessionNo).Bind(entry.Sequence).Bind(entry.Amount).Bind(entry.ExpiresAt!.Value).Bind(entry.Child)
                    .BindUtf8(json.Write(entry.Call!)).Run();
                break;
            case EntryKind.Extended:
                extendReservation.Bind(entry.ExpiresAt!.Value).Bind(sessionNo).Bind(entry.Related).Run();
                break;
            case EntryKind.Settled or EntryKind.Released or EntryKind.Expired:
                deleteReservation.Bind(sessionNo).Bind(entry.Related).Run();
                break;
        }
    }

    private void Remember(string sessionId, long number)
    {
        if (sessionNumbers.Count >= MaxKnownSessions) sessionNumbers.Clear();
        sessionNumbers[sessionId] = number;
    }
}
