using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>Reads one ledger through one connection. Not for several threads at once.</summary>
internal sealed class SqliteReader(SqliteConnection connection, UnindexedTail tail) : IDisposable
{
    private const string EntryColumns = """
        e.sequence, e.at, e.kind, e.key, e.body_hash, e.amount_nano_usd, e.requested_nano_usd, e.related,
        e.budget_after_nano_usd, e.spent_after_nano_usd, e.reserved_after_nano_usd, e.detail
        """;

    private const string HeadColumns = """
        session_id, sequence, budget_nano_usd, spent_nano_usd, reserved_nano_usd, open_reason, paused_by, end_reason, opened_at,
        last_entry_at, last_activity_at, ended_at, due_at, options, detail, no
        """;

    public StoredSession? Load(string sessionId)
    {
        // Head and reservations must be of one moment.
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = Command($"SELECT {HeadColumns} FROM session_head WHERE session_id = $id", ("$id", sessionId));
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;
        var head = ReadHead(reader);
        return new StoredSession(head, ReadReservations(reader.GetInt64(15)), Time(reader.GetInt64(12)));
    }

    public IReadOnlyList<Entry> Read(string sessionId, long fromSequence, int count)
    {
        if (FindSession(sessionId) is not { } sessionNo) return [];
        var throughSequence = fromSequence > long.MaxValue - count ? long.MaxValue : fromSequence + count - 1;
        var unindexed = tail.Between(sessionNo, fromSequence, throughSequence);
        var entries = new SortedDictionary<long, Entry>();
        ReadInto(entries, $"""
            SELECT {EntryColumns} FROM entry_by_sequence s JOIN entry e ON e.id = s.id
            WHERE s.session_no = $no AND s.sequence BETWEEN $from AND $through
            """, ("$no", sessionNo), ("$from", fromSequence), ("$through", throughSequence));
        ReadTail(entries, unindexed);
        return [.. entries.Values];
    }

    public Entry? FindByKey(string sessionId, string key)
    {
        if (FindSession(sessionId) is not { } sessionNo) return null;
        var hash = (long)BodyHash.Of(key);
        var unindexed = tail.FindByKey(sessionNo, hash);
        var entries = new SortedDictionary<long, Entry>();
        ReadInto(entries, $"""
            SELECT {EntryColumns} FROM entry_by_key k JOIN entry e ON e.id = k.id WHERE k.session_no = $no AND k.key_hash = $hash
            """, ("$no", sessionNo), ("$hash", hash));
        if (unindexed is { } found) ReadTail(entries, [found]);
        return entries.Values.FirstOrDefault(entry => entry.Key == key);
    }

    public IReadOnlyList<Entry> FindRelated(string sessionId, long sequence)
    {
        // Zero stands for no entry.
        if (sequence == 0 || FindSession(sessionId) is not { } sessionNo) return [];
        var unindexed = tail.RelatedTo(sessionNo, sequence);
        var entries = new SortedDictionary<long, Entry>();
        ReadInto(entries, $"""
            SELECT {EntryColumns} FROM entry_by_related r JOIN entry e ON e.id = r.id WHERE r.session_no = $no AND r.related = $related
            """, ("$no", sessionNo), ("$related", sequence));
        ReadTail(entries, unindexed);
        return [.. entries.Values];
    }

    public IReadOnlyList<string> FindDue(DateTimeOffset now, int skip, int count)
    {
        using var command = Command(
            "SELECT session_id FROM session_head WHERE due_at <= $now ORDER BY due_at LIMIT $count OFFSET $skip",
            ("$now", now.UtcTicks), ("$count", count), ("$skip", skip));
        using var reader = command.ExecuteReader();
        var due = new List<string>();
        while (reader.Read()) due.Add(reader.GetString(0));
        return due;
    }

    public IReadOnlyList<SessionHead> List(SessionListing listing)
    {
        var tenant = listing.Tenant is null ? "" : "AND (tenant = $tenant OR (tenant > $tenant || '/' AND tenant < $tenant || '0'))";
        using var command = Command(
            $"SELECT {HeadColumns} FROM session_head WHERE session_id > $after {tenant} ORDER BY session_id LIMIT $count",
            ("$after", listing.AfterSessionId ?? ""), ("$count", listing.Count));
        if (listing.Tenant is not null) command.Parameters.AddWithValue("$tenant", listing.Tenant);
        using var reader = command.ExecuteReader();
        var heads = new List<SessionHead>();
        while (reader.Read()) heads.Add(ReadHead(reader));
        return heads;
    }

    public void Dispose() => connection.Dispose();

    private long? FindSession(string sessionId)
    {
        using var command = Command("SELECT no FROM session_head WHERE session_id = $id", ("$id", sessionId));
        return command.ExecuteScalar() is long number ? number : null;
    }

    private List<Reservation> ReadReservations(long sessionNo)
    {
        using var command = Command(
            "SELECT reservation_id, amount_nano_usd, expires_at, child, call FROM reservation WHERE session_no = $no", ("$no", sessionNo));
        using var reader = command.ExecuteReader();
        var reservations = new List<Reservation>();
        while (reader.Read())
        {
            reservations.Add(new Reservation(
                reader.GetInt64(0),
                Money.FromNanoDollars(reader.GetInt64(1)),
                LedgerJson.ReadCall(Utf8(reader, 4)),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                Time(reader.GetInt64(2))));
        }

        return reservations;
    }

    private void ReadTail(SortedDictionary<long, Entry> entries, ReadOnlySpan<TailEntry> unindexed)
    {
        foreach (var entry in unindexed) ReadInto(entries, $"SELECT {EntryColumns} FROM entry e WHERE e.id = $id", ("$id", entry.Id));
    }

    private void ReadInto(SortedDictionary<long, Entry> entries, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var entry = ReadEntry(reader);
            entries[entry.Sequence] = entry;
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static Entry ReadEntry(SqliteDataReader reader)
    {
        var entry = new Entry
        {
            Sequence = reader.GetInt64(0),
            At = Time(reader.GetInt64(1)),
            Kind = (EntryKind)reader.GetInt64(2),
            Key = reader.IsDBNull(3) ? null : reader.GetString(3),
            BodyHash = reader.GetInt64(4),
            Amount = Money.FromNanoDollars(reader.GetInt64(5)),
            Requested = Money.FromNanoDollars(reader.GetInt64(6)),
            Related = reader.GetInt64(7),
        };
        return LedgerJson.ReadDetail(
            entry,
            Money.FromNanoDollars(reader.GetInt64(8)),
            Money.FromNanoDollars(reader.GetInt64(9)),
            Money.FromNanoDollars(reader.GetInt64(10)),
            Utf8(reader, 11));
    }

    private static SessionHead ReadHead(SqliteDataReader reader)
    {
        var head = new SessionHead
        {
            SessionId = reader.GetString(0),
            Sequence = reader.GetInt64(1),
            Budget = Money.FromNanoDollars(reader.GetInt64(2)),
            Spent = Money.FromNanoDollars(reader.GetInt64(3)),
            Reserved = Money.FromNanoDollars(reader.GetInt64(4)),
            Breaker = new BreakerStatus((OpenReason)reader.GetInt64(5), (PauseSources)reader.GetInt64(6)),
            End = (EndReason)reader.GetInt64(7),
            OpenedAt = Time(reader.GetInt64(8)),
            LastEntryAt = Time(reader.GetInt64(9)),
            LastActivityAt = Time(reader.GetInt64(10)),
            EndedAt = reader.IsDBNull(11) ? null : Time(reader.GetInt64(11)),
            Options = reader.IsDBNull(13) ? null : LedgerJson.ReadOptions(Utf8(reader, 13)),
        };
        return LedgerJson.ReadDetail(head, Utf8(reader, 14));
    }

    private static byte[] Utf8(SqliteDataReader reader, int column) => System.Text.Encoding.UTF8.GetBytes(reader.GetString(column));

    private static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
