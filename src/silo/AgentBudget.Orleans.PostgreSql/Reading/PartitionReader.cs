using AgentBudget.Orleans.PostgreSql.Appending;
using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Reading;

/// <summary>Reads one partition. Each read is one statement, and so sees one moment.</summary>
internal sealed class PartitionReader(PartitionDatabase database, SessionNumbers numbers)
{
    private const string Load = $"""
        SELECT {LedgerColumns.HeadColumns}, l.no, h.due_at, {SideColumns.Arrays}
        FROM ledger l JOIN ledger_head h ON h.ledger_no = l.no
            LEFT JOIN LATERAL (SELECT {SideColumns.Gathered} FROM side_row s WHERE s.ledger_no = l.no AND s.is_open) r ON true
        WHERE l.ledger_id = $1 AND h.sequence > 0
        """;

    private const string Holder = $"""
        SELECT {SideColumns.Arrays} FROM (
            SELECT {SideColumns.Gathered} FROM (
                SELECT s.* FROM ledger l JOIN side_row s ON s.ledger_no = l.no
                WHERE l.ledger_id = $1 AND s.name = $2 AND s.life = $3) s) r
        """;

    private const string Entries =
        $"SELECT {LedgerColumns.EntryColumns} FROM ledger l JOIN entry e ON e.ledger_no = l.no WHERE l.ledger_id = $1";

    public Task<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (connection, token) =>
            {
                await using var command = await Statements.PrepareAsync(connection, Load, token, Statements.Of(ledgerId));
                await using var reader = await command.ExecuteReaderAsync(token);
                if (!await reader.ReadAsync(token))
                    return null;
                var head = LedgerRows.ReadHead(reader);
                var dueAt = LedgerRows.TimeAt(reader, LedgerRows.HeadWidth + 1);
                numbers.Remember(ledgerId, reader.GetInt64(LedgerRows.HeadWidth));
                return (StoredLedger?)SideColumns.Read(reader, LedgerRows.HeadWidth + 2).Of(head, dueAt);
            },
            cancellationToken
        );

    public async Task<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken)
    {
        const string head =
            $"SELECT {LedgerColumns.HeadColumns} FROM ledger l JOIN ledger_head h ON h.ledger_no = l.no "
            + "WHERE l.ledger_id = $1 AND h.sequence > 0";
        return (await ReadAsync(head, LedgerRows.ReadHead, cancellationToken, Statements.Of(ledgerId))).SingleOrDefault();
    }

    public async Task<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            Holder,
            static reader => SideColumns.Read(reader, 0),
            cancellationToken,
            Statements.Of(ledgerId),
            Statements.Of(holderId),
            Statements.Of(holderLife)
        );
        return found[0].FindHolder(holderId, holderLife);
    }

    public async Task<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    )
    {
        const string closed = $"""
            SELECT {SideColumns.Arrays} FROM (
                SELECT {SideColumns.Gathered} FROM (
                    SELECT s.* FROM ledger l JOIN side_row s ON s.ledger_no = l.no
                    WHERE l.ledger_id = $1 AND NOT s.is_open AND s.kind = $2 AND s.number > $3 ORDER BY s.number LIMIT $4) s) r
            """;
        var found = await ReadAsync(
            closed,
            static reader => SideColumns.Read(reader, 0),
            cancellationToken,
            Statements.Of(ledgerId),
            Statements.Of((short)SideRowKind.Holder),
            Statements.Of(afterNumber),
            Statements.Of((long)count)
        );
        return found[0].Closed(afterNumber, count);
    }

    public Task<List<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken)
    {
        var throughSequence = fromSequence > long.MaxValue - count ? long.MaxValue : fromSequence + count - 1;
        const string page = $"{Entries} AND e.sequence >= $2 AND e.sequence <= $3 ORDER BY e.sequence";
        return ReadAsync(
            page,
            RowReadEntry,
            cancellationToken,
            Statements.Of(ledgerId),
            Statements.Of(fromSequence),
            Statements.Of(throughSequence)
        );
    }

    public async Task<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            $"{Entries} AND e.key_hash = $2 AND e.key IS NOT NULL",
            RowReadEntry,
            cancellationToken,
            Statements.Of(ledgerId),
            Statements.Of((long)BodyHash.Of(key))
        );
        return found.Find(entry => entry.Key == key);
    }

    public async Task<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken)
    {
        const string related = $"{Entries} AND e.related = $2 AND e.is_looked_up ORDER BY e.sequence";
        return sequence <= 0
            ? []
            : await ReadAsync(related, RowReadEntry, cancellationToken, Statements.Of(ledgerId), Statements.Of(sequence));
    }

    /// <summary>The first sessions whose due time has come.</summary>
    public Task<List<(long DueAt, string SessionId)>> FindDueAsync(DateTimeOffset now, long count, CancellationToken cancellationToken) =>
        ReadAsync(
            """
            SELECT h.due_at, l.ledger_id FROM ledger_head h JOIN ledger l ON l.no = h.ledger_no
            WHERE h.due_at <= $1 AND h.sequence > 0 ORDER BY h.due_at, h.ledger_no LIMIT $2
            """,
            reader => (reader.GetInt64(0), reader.GetString(1)),
            cancellationToken,
            Statements.Of(now.UtcTicks),
            Statements.Of(count)
        );

    public Task<List<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken)
    {
        const string heads =
            $"SELECT {LedgerColumns.HeadColumns} FROM ledger l JOIN ledger_head h ON h.ledger_no = l.no WHERE h.sequence > 0 AND "
            + "l.ledger_id > $1 AND left(l.ledger_id, 1) <> '~'";
        // What is below a tenant sorts between its path with a slash and its path with the character after the slash.
        const string below = " AND (l.tenant = $3 OR (l.tenant > $3 || '/' AND l.tenant < $3 || '0'))";
        var sql =
            heads
            + (listing.Tenant is null ? "" : below)
            + LedgerRows.ConditionOf(listing)
            + (listing.DearestFirst ? " ORDER BY h.spent_nano_usd DESC, l.ledger_id LIMIT $2" : " ORDER BY l.ledger_id LIMIT $2");
        NpgsqlParameter[] page = [Statements.Of(listing.AfterSessionId ?? ""), Statements.Of((long)listing.Count)];
        return ReadAsync(
            sql,
            LedgerRows.ReadHead,
            cancellationToken,
            listing.Tenant is { } tenant ? [.. page, Statements.Of(tenant.ToString())] : page
        );
    }

    private static Entry RowReadEntry(NpgsqlDataReader reader) => LedgerRows.ReadEntry(reader);

    private Task<List<T>> ReadAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] values
    ) =>
        database.ReadAsync(
            async (connection, token) =>
            {
                await using var command = await Statements.PrepareAsync(connection, sql, token, values);
                await using var reader = await command.ExecuteReaderAsync(token);
                var rows = new List<T>();
                while (await reader.ReadAsync(token))
                    rows.Add(read(reader));
                return rows;
            },
            cancellationToken
        );
}
