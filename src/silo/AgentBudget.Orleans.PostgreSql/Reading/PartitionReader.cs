using AgentBudget.Orleans.PostgreSql.Appending;
using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Reading;

/// <summary>Reads one partition. Each read is one statement, and so sees one moment.</summary>
internal sealed class PartitionReader(PartitionDatabase database, SessionNumbers numbers)
{
    private const string Load = $"""
        SELECT {LedgerColumns.HeadColumns}, s.no, h.due_at, {LedgerColumns.ReservationColumns}
        FROM session s JOIN session_head h ON h.session_no = s.no
            LEFT JOIN reservation r ON r.session_no = s.no
        WHERE s.session_id = $1 AND h.sequence > 0
        """;

    private const string Entries = $"SELECT {LedgerColumns.EntryColumns} FROM session s JOIN entry e ON e.session_no = s.no WHERE s.session_id = $1";

    public Task<StoredSession?> LoadAsync(string sessionId, CancellationToken cancellationToken) => database.ReadAsync(
        async (connection, token) =>
        {
            await using var command = await Statements.PrepareAsync(connection, Load, token, Statements.Of(sessionId));
            await using var reader = await command.ExecuteReaderAsync(token);
            if (!await reader.ReadAsync(token)) return null;
            var head = LedgerRows.ReadHead(reader);
            var dueAt = LedgerRows.TimeAt(reader, LedgerRows.HeadWidth + 1);
            numbers.Remember(sessionId, reader.GetInt64(LedgerRows.HeadWidth));
            var reservations = new List<Reservation>();
            do
            {
                if (!reader.IsDBNull(LedgerRows.HeadWidth + 2)) reservations.Add(LedgerRows.ReadReservation(reader, LedgerRows.HeadWidth + 2));
            }
            while (await reader.ReadAsync(token));
            return (StoredSession?)new StoredSession(head, reservations, dueAt);
        },
        cancellationToken);

    public Task<List<Entry>> ReadAsync(string sessionId, long fromSequence, int count, CancellationToken cancellationToken) =>
        ReadAsync($"{Entries} AND e.sequence >= $2 ORDER BY e.sequence LIMIT $3", RowReadEntry, cancellationToken, Statements.Of(sessionId), Statements.Of(fromSequence), Statements.Of((long)count));

    public async Task<Entry?> FindByKeyAsync(string sessionId, string key, CancellationToken cancellationToken)
    {
        var found = await ReadAsync($"{Entries} AND e.key_hash = $2 AND e.key IS NOT NULL", RowReadEntry, cancellationToken, Statements.Of(sessionId), Statements.Of((long)BodyHash.Of(key)));
        return found.Find(entry => entry.Key == key);
    }

    public async Task<IReadOnlyList<Entry>> FindRelatedAsync(string sessionId, long sequence, CancellationToken cancellationToken)
    {
        // The condition is that of the index.
        const string related = $"{Entries} AND e.related = $2 AND (e.kind IN (4, 5, 10) OR (e.kind IN (7, 18) AND e.related <> 0)) ORDER BY e.sequence";
        return sequence <= 0 ? [] : await ReadAsync(related, RowReadEntry, cancellationToken, Statements.Of(sessionId), Statements.Of(sequence));
    }

    /// <summary>The first sessions whose due time has come.</summary>
    public Task<List<(long DueAt, string SessionId)>> FindDueAsync(DateTimeOffset now, long count, CancellationToken cancellationToken) => ReadAsync(
        """
        SELECT h.due_at, s.session_id FROM session_head h JOIN session s ON s.no = h.session_no
        WHERE h.due_at <= $1 AND h.sequence > 0 ORDER BY h.due_at, h.session_no LIMIT $2
        """,
        reader => (reader.GetInt64(0), reader.GetString(1)),
        cancellationToken,
        Statements.Of(now.UtcTicks),
        Statements.Of(count));

    public Task<List<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken)
    {
        const string heads = $"SELECT {LedgerColumns.HeadColumns} FROM session s JOIN session_head h ON h.session_no = s.no WHERE h.sequence > 0 AND s.session_id > $1 AND left(s.session_id, 1) <> '~'";
        // What is below a tenant sorts between its path with a slash and its path with the character after the slash.
        const string below = "AND (s.tenant = $3 OR (s.tenant > $3 || '/' AND s.tenant < $3 || '0'))";
        const string page = "ORDER BY s.session_id LIMIT $2";
        var after = listing.AfterSessionId ?? "";
        return listing.Tenant is { } tenant
            ? ReadAsync($"{heads} {below} {page}", LedgerRows.ReadHead, cancellationToken, Statements.Of(after), Statements.Of((long)listing.Count), Statements.Of(tenant))
            : ReadAsync($"{heads} {page}", LedgerRows.ReadHead, cancellationToken, Statements.Of(after), Statements.Of((long)listing.Count));
    }

    private static Entry RowReadEntry(NpgsqlDataReader reader) => LedgerRows.ReadEntry(reader);

    private Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] values) => database.ReadAsync(
        async (connection, token) =>
        {
            await using var command = await Statements.PrepareAsync(connection, sql, token, values);
            await using var reader = await command.ExecuteReaderAsync(token);
            var rows = new List<T>();
            while (await reader.ReadAsync(token)) rows.Add(read(reader));
            return rows;
        },
        cancellationToken);
}
