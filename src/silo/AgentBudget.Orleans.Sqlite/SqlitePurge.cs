using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>Deletes ledgers whole, and the entries of one up to a sequence.</summary>
internal static class SqlitePurge
{
    private const int PurgeChunk = 100;

    /// <summary>
    /// Takes a session out if its head is at the sequence. The head goes first and whole; a crash leaves the rest in a queue that is gone
    /// on with at the next start.
    /// </summary>
    /// <returns>The session's number, when it was taken out.</returns>
    public static long? TakeOut(SqliteConnection writing, SqliteWorker worker, string ledgerId, long life, long sequence)
    {
        if (worker.Appender.FindSession(ledgerId) is not { } ledgerNo)
            return null;
        using var transaction = writing.BeginTransaction();
        var taken = Execute(
            writing,
            "DELETE FROM ledger_head WHERE no = $no AND life = $life AND sequence = $sequence",
            ("$no", ledgerNo),
            ("$life", life),
            ("$sequence", sequence)
        );
        if (taken == 0)
            return null;
        using (var insert = new Statement(writing, "INSERT INTO purge_queue VALUES (?, ?)"))
            insert.Bind(ledgerNo).BindChecksum().Run();
        transaction.Commit();
        return ledgerNo;
    }

    /// <summary>Sets when a session wants to be tended, if its head is at the sequence.</summary>
    public static int Reschedule(
        SqliteConnection writing,
        SqliteWorker worker,
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt
    )
    {
        if (worker.Appender.FindSession(ledgerId) is not { } ledgerNo)
            return 0;
        using var update = new Statement(
            writing,
            "UPDATE ledger_head SET due_at = ?, due_checksum = ? WHERE no = ? AND life = ? AND sequence = ?"
        );
        return update.Cover(ledgerNo).Bind(dueAt).BindChecksum().Bind(ledgerNo).Bind(life).Bind(sequence).Run();
    }

    /// <summary>Deletes the entries of a session that was taken out, some at a time, so that batches go in between.</summary>
    public static async Task PurgeEntriesAsync(SqliteWorker worker, long ledgerNo)
    {
        while (await worker.RunAsync(writing => PurgeChunkOf(writing, ledgerNo)) > 0) { }
    }

    private static int PurgeChunkOf(SqliteConnection writing, long ledgerNo)
    {
        // Whole runs: a run that is half deleted would lead to entries that are not there.
        const string some = "SELECT first_sequence FROM entry_run WHERE ledger_no = $no ORDER BY first_sequence LIMIT $chunk";
        using var transaction = writing.BeginTransaction();
        ReadOnlySpan<(string, object)> parameters = [("$no", ledgerNo), ("$chunk", PurgeChunk)];
        Execute(
            writing,
            $"""
            DELETE FROM entry WHERE id IN (
                SELECT e.id FROM entry_run r JOIN entry e ON e.id >= r.first_id AND e.id < r.first_id + r.count
                WHERE r.ledger_no = $no AND r.first_sequence IN ({some}))
            """,
            parameters
        );
        var purged = Execute(writing, $"DELETE FROM entry_run WHERE ledger_no = $no AND first_sequence IN ({some})", parameters);
        if (purged == 0)
        {
            Execute(writing, "DELETE FROM entry_key WHERE ledger_no = $no", ("$no", ledgerNo));
            Execute(writing, "DELETE FROM entry_related WHERE ledger_no = $no", ("$no", ledgerNo));
            Execute(writing, "DELETE FROM side_row WHERE ledger_no = $no", ("$no", ledgerNo));
            Execute(writing, "DELETE FROM purge_queue WHERE ledger_no = $no", ("$no", ledgerNo));
        }

        transaction.Commit();
        return purged;
    }

    /// <summary>
    /// Notes up to where the entries of a ledger go; from then on they are read no more. The entries themselves follow; what a crash leaves
    /// of them goes with the next trim.
    /// </summary>
    /// <returns>The ledger's number, and up to where its entries are to be deleted.</returns>
    public static (long No, long Through)? Trim(SqliteConnection writing, SqliteWorker worker, string ledgerId, long throughSequence)
    {
        if (worker.Appender.FindSession(ledgerId) is not { } ledgerNo)
            return null;
        using var find = new Statement(writing, "SELECT min(?, sequence), trimmed_through FROM ledger_head WHERE no = ?");
        if (find.Bind(throughSequence).Bind(ledgerNo).First(static row => Tuple.Create(row.Number(0), row.Number(1))) is not { } found)
            return null;
        if (found.Item1 > found.Item2)
        {
            using var update = new Statement(writing, "UPDATE ledger_head SET trimmed_through = ?, trim_checksum = ? WHERE no = ?");
            update.Cover(ledgerNo).Bind(found.Item1).BindChecksum().Bind(ledgerNo).Run();
        }

        return (ledgerNo, found.Item1);
    }

    /// <summary>Deletes the entries of a ledger up to a sequence, a run at a time, so that batches go in between.</summary>
    public static async Task TrimEntriesAsync(SqliteWorker worker, long ledgerNo, long throughSequence)
    {
        while (await worker.RunAsync(writing => TrimRunOf(writing, ledgerNo, throughSequence))) { }
    }

    // The oldest run, whole or its first part: what is left of it begins later then, and its range of keys is only wider than need be.
    private static bool TrimRunOf(SqliteConnection writing, long ledgerNo, long throughSequence)
    {
        using var transaction = writing.BeginTransaction();
        if (OldestRun(writing, ledgerNo) is not { } run || run.FirstSequence > throughSequence)
            return false;
        var count = Math.Min(run.Count, throughSequence - run.FirstSequence + 1);
        const string these = "id >= $from AND id < $to";
        ReadOnlySpan<(string, object)> parameters = [("$no", ledgerNo), ("$from", run.FirstId), ("$to", run.FirstId + count)];
        Execute(
            writing,
            $"DELETE FROM entry_key WHERE ledger_no = $no AND key IN (SELECT key FROM entry WHERE {these}) AND {these}",
            parameters
        );
        Execute(
            writing,
            $"DELETE FROM entry_related WHERE ledger_no = $no AND related IN (SELECT related FROM entry WHERE {these}) AND {these}",
            parameters
        );
        Execute(writing, $"DELETE FROM entry WHERE {these}", parameters);
        Execute(
            writing,
            "DELETE FROM entry_run WHERE ledger_no = $no AND first_sequence = $first",
            ("$no", ledgerNo),
            ("$first", run.FirstSequence)
        );
        if (count < run.Count)
        {
            using var insert = new Statement(writing, "INSERT INTO entry_run VALUES (?, ?, ?, ?, ?, ?, ?)");
            insert
                .Bind(ledgerNo)
                .Bind(run.FirstSequence + count)
                .Bind(run.FirstId + count)
                .Bind(run.Count - count)
                .Bind(run.FirstKey)
                .Bind(run.LastKey)
                .BindChecksum()
                .Run();
        }

        transaction.Commit();
        return true;
    }

    private static Run? OldestRun(SqliteConnection writing, long ledgerNo)
    {
        using var find = new Statement(
            writing,
            "SELECT first_sequence, first_id, count, first_key, last_key FROM entry_run WHERE ledger_no = ? ORDER BY first_sequence LIMIT 1"
        );
        return find.Bind(ledgerNo).First(static row => new Run(row.Number(0), row.Number(1), row.Number(2), row.Text(3), row.Text(4)));
    }

    private sealed record Run(long FirstSequence, long FirstId, long Count, string? FirstKey, string? LastKey);

    /// <summary>Goes on with purges that an earlier process has not finished.</summary>
    public static async Task ResumeAsync(SqliteWorker purging)
    {
        const string next = "SELECT coalesce(min(ledger_no), 0) FROM purge_queue";
        while (await purging.RunAsync(writing => SqliteSchema.Scalar(writing, next)) is > 0 and var ledgerNo)
            await PurgeEntriesAsync(purging, ledgerNo);
    }

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public static int Execute(SqliteConnection writing, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = writing.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }
}
