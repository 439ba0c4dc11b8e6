using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Reading;

/// <summary>The feed of one partition. Whoever reads it first numbers what has arrived.</summary>
internal sealed class PartitionFeed(PartitionDatabase database)
{
    private const long NumberedAtOnce = 10_000;

    public async Task<IReadOnlyList<FeedRow>> ReadAsync(long fromPosition, int count, EventKinds kinds, CancellationToken cancellationToken)
    {
        var rows = await ReadNumberedAsync(fromPosition, count, kinds, cancellationToken);
        if (rows.Count == count || await NumberAsync(cancellationToken) == 0)
            return rows;
        return await ReadNumberedAsync(fromPosition, count, kinds, cancellationToken);
    }

    public async Task<FeedEnds> EndsAsync(CancellationToken cancellationToken)
    {
        await NumberAllAsync(cancellationToken);
        const string ends =
            "SELECT a.position, a.at, b.position, b.batch_id FROM (SELECT position, at FROM feed ORDER BY position LIMIT 1) a, "
            + "(SELECT position, batch_id FROM feed ORDER BY position DESC LIMIT 1) b";
        var found = await RowsAsync(
            ends,
            static reader => new FeedEnds(reader.GetInt64(0), LedgerRows.TimeAt(reader, 1), reader.GetInt64(2), reader.GetInt64(3)),
            cancellationToken
        );
        return found.Count == 0 ? default : found[0];
    }

    public async Task<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
        IReadOnlyList<FeedRange> ranges,
        CancellationToken cancellationToken
    )
    {
        // Range by range, which OFFSET 0 keeps to: joined as a whole, the planner reads every entry that there is.
        const string entries =
            "SELECT r.i, e.* FROM unnest($1, $2, $3) WITH ORDINALITY AS r (id, first, last, i) CROSS JOIN LATERAL "
            + $"(SELECT {LedgerColumns.EntryColumns} FROM ledger l JOIN entry e ON e.ledger_no = l.no "
            + "WHERE l.ledger_id = r.id AND e.sequence BETWEEN r.first AND r.last OFFSET 0) e ORDER BY r.i, e.sequence";
        var lists = ranges.Select(_ => new List<Entry>()).ToArray();
        var rows = await RowsAsync(
            entries,
            static reader => (Range: reader.GetInt64(0), Entry: LedgerRows.ReadEntry(reader, 1)),
            cancellationToken,
            Statements.Of(ranges.Select(range => range.LedgerId).ToArray()),
            Statements.Of(ranges.Select(range => range.First).ToArray()),
            Statements.Of(ranges.Select(range => range.First + range.Count - 1).ToArray())
        );
        foreach (var (range, entry) in rows)
            lists[range - 1].Add(entry);
        return lists;
    }

    public async Task TrimAsync(long beforePosition, CancellationToken cancellationToken)
    {
        const long piece = 2_000;
        // By ranges, so that no piece comes past the rows which the pieces before it have left dead.
        var ends = await EndsAsync(cancellationToken);
        var before = Math.Min(beforePosition, ends.Last);
        for (var first = ends.First; first < before; first += piece)
            await RunAsync(
                "DELETE FROM feed WHERE position >= $1 AND position < $2",
                cancellationToken,
                Statements.Of(first),
                Statements.Of(Math.Min(first + piece, before))
            );
    }

    public Task<List<FeedConsumerRow>> ReadConsumersAsync(CancellationToken cancellationToken) =>
        RowsAsync(
            "SELECT name, place, position, saved_at, epoch FROM feed_consumer ORDER BY name",
            static reader => new FeedConsumerRow(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2),
                LedgerRows.TimeAt(reader, 3),
                reader.GetInt64(4)
            ),
            cancellationToken
        );

    public Task SaveConsumerAsync(FeedConsumerRow consumer, CancellationToken cancellationToken) =>
        RunAsync(
            "INSERT INTO feed_consumer VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET place = $2, position = $3, "
                + "saved_at = $4, epoch = $5 WHERE feed_consumer.epoch <= $5",
            cancellationToken,
            Statements.Of(consumer.Name),
            Statements.Of(consumer.Place),
            Statements.Of(consumer.Position),
            Statements.Of(consumer.SavedAt.UtcTicks),
            Statements.Of(consumer.Epoch)
        );

    public Task DeleteConsumerAsync(string name, CancellationToken cancellationToken) =>
        RunAsync("DELETE FROM feed_consumer WHERE name = $1", cancellationToken, Statements.Of(name));

    private async Task<List<FeedRow>> ReadNumberedAsync(long fromPosition, int count, EventKinds kinds, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<long, string?>();
        var rows = await RowsAsync(
            "SELECT position, batch_id, at, ranges FROM feed WHERE position >= $1 ORDER BY position LIMIT $2",
            static reader => (Row: (reader.GetInt64(0), reader.GetInt64(1), LedgerRows.TimeAt(reader, 2)), Bytes: (byte[])reader[3]),
            cancellationToken,
            Statements.Of(fromPosition),
            Statements.Of((long)count)
        );
        foreach (var row in rows)
            FeedRanges.Read(
                row.Bytes,
                kinds,
                no =>
                {
                    ids.TryAdd(no, null);
                    return null;
                }
            );
        var named =
            ids.Count == 0
                ? []
                : await RowsAsync(
                    "SELECT no, ledger_id FROM ledger WHERE no = ANY ($1)",
                    static reader => (No: reader.GetInt64(0), Id: reader.GetString(1)),
                    cancellationToken,
                    Statements.Of(ids.Keys.ToArray())
                );
        foreach (var (no, id) in named)
            ids[no] = id;
        return
        [
            .. rows.Select(row => new FeedRow(
                row.Row.Item1,
                row.Row.Item2,
                row.Row.Item3,
                FeedRanges.Read(row.Bytes, kinds, no => ids.GetValueOrDefault(no))
            )),
        ];
    }

    private async Task NumberAllAsync(CancellationToken cancellationToken)
    {
        while (await NumberAsync(cancellationToken) == NumberedAtOnce) { }
    }

    private async Task<long> NumberAsync(CancellationToken cancellationToken)
    {
        // A look first: numbering takes a lock, and most readers find nothing new.
        var arrived = await RowsAsync("SELECT EXISTS (SELECT FROM feed_arrival)", static reader => reader.GetBoolean(0), cancellationToken);
        if (!arrived[0])
            return 0;
        var numbered = await RowsAsync(
            "SELECT number_feed($1)",
            static reader => reader.GetInt64(0),
            cancellationToken,
            Statements.Of(NumberedAtOnce)
        );
        return numbered[0];
    }

    private Task<List<T>> RowsAsync<T>(
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

    private Task<int> RunAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] values) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using var command = await Statements.PrepareAsync(connection, sql, token, values);
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken
        );
}
