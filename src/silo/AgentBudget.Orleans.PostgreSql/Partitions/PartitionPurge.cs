using AgentBudget.Orleans.PostgreSql.Appending;
using AgentBudget.Orleans.Storage;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Partitions;

/// <summary>
/// Deletes ledgers whole, and the entries of one up to a sequence. Whole, the head goes first, in one statement with everything that could
/// be found by it; the entries follow piece by piece, so that no statement runs long. What a crash leaves is in a queue and is gone on with
/// at the next start.
/// </summary>
internal sealed class PartitionPurge(PartitionDatabase database, SessionNumbers numbers)
{
    private const long Piece = 2_000;

    private const string TakeOut = """
        WITH head AS (
            DELETE FROM ledger_head h USING ledger l
            WHERE l.ledger_id = $1 AND h.ledger_no = l.no AND h.life = $2 AND h.sequence = $3 AND h.sequence > 0 RETURNING h.ledger_no),
        named AS (DELETE FROM ledger l USING head WHERE l.no = head.ledger_no),
        beside AS (DELETE FROM side_row s USING head WHERE s.ledger_no = head.ledger_no)
        INSERT INTO purge_queue SELECT ledger_no FROM head RETURNING ledger_no
        """;

    private const string DeletePiece = "DELETE FROM entry WHERE ledger_no = $1 AND sequence > $2 AND sequence <= $3";

    /// <summary>Deletes a session if its head is of the life and at the sequence.</summary>
    public async Task PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken)
    {
        numbers.Forget(ledgerId);
        if (
            await ScalarAsync(TakeOut, cancellationToken, Statements.Of(ledgerId), Statements.Of(life), Statements.Of(sequence))
            is long ledgerNo
        )
            await DeleteEntriesAsync(ledgerNo, cancellationToken);
    }

    /// <summary>Deletes the entries of a ledger up to a sequence, piece by piece from the first on.</summary>
    public async Task TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken)
    {
        if (await ScalarAsync("SELECT no FROM ledger WHERE ledger_id = $1", cancellationToken, Statements.Of(ledgerId)) is long ledgerNo)
            await DeleteEntriesAsync(ledgerNo, throughSequence, cancellationToken);
    }

    /// <summary>Deletes rows of holders that are closed.</summary>
    public Task DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "DELETE FROM side_row s USING ledger l WHERE l.ledger_id = $1 AND s.ledger_no = l.no AND NOT s.is_open AND s.kind = $2 "
                + "AND s.number = ANY ($3)",
            cancellationToken,
            Statements.Of(ledgerId),
            Statements.Of((short)SideRowKind.Holder),
            Statements.Of(numbers.ToArray())
        );

    /// <summary>Goes on with what an earlier process left.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        while (await ScalarAsync("SELECT ledger_no FROM purge_queue ORDER BY 1 LIMIT 1", cancellationToken) is long ledgerNo)
            await DeleteEntriesAsync(ledgerNo, cancellationToken);
    }

    private async Task DeleteEntriesAsync(long ledgerNo, CancellationToken cancellationToken)
    {
        await DeleteEntriesAsync(ledgerNo, long.MaxValue, cancellationToken);
        await ExecuteAsync("DELETE FROM purge_queue WHERE ledger_no = $1", cancellationToken, Statements.Of(ledgerNo));
    }

    private async Task DeleteEntriesAsync(long ledgerNo, long throughSequence, CancellationToken cancellationToken)
    {
        // By ranges, so that no piece comes past the rows which the pieces before it have left dead.
        var first = await SequenceAsync("SELECT coalesce(min(sequence), 1) FROM entry WHERE ledger_no = $1", ledgerNo, cancellationToken);
        var last = Math.Min(
            throughSequence,
            await SequenceAsync("SELECT coalesce(max(sequence), 0) FROM entry WHERE ledger_no = $1", ledgerNo, cancellationToken)
        );
        for (var before = first - 1; before < last; before += Piece)
            await ExecuteAsync(
                DeletePiece,
                cancellationToken,
                Statements.Of(ledgerNo),
                Statements.Of(before),
                Statements.Of(Math.Min(before + Piece, last))
            );
    }

    private async Task<long> SequenceAsync(string sql, long ledgerNo, CancellationToken cancellationToken) =>
        (long)(await ScalarAsync(sql, cancellationToken, Statements.Of(ledgerNo)))!;

    private Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] values) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using var command = await Statements.PrepareAsync(connection, sql, token, values);
                return await command.ExecuteScalarAsync(token);
            },
            cancellationToken
        );

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] values) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using var command = await Statements.PrepareAsync(connection, sql, token, values);
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken
        );
}
