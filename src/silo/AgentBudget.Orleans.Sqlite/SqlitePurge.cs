using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>Deletes sessions whole.</summary>
internal static class SqlitePurge
{
    private const int PurgeChunk = 100;

    /// <summary>
    /// Takes a session out if its head is at the sequence. The head goes first and whole; a crash leaves the rest in a queue that is gone
    /// on with at the next start.
    /// </summary>
    /// <returns>The session's number, when it was taken out.</returns>
    public static long? TakeOut(SqliteConnection writing, SqliteWorker worker, string sessionId, long sequence)
    {
        if (worker.Appender.FindSession(sessionId) is not { } sessionNo) return null;
        using var transaction = writing.BeginTransaction();
        var taken = Execute(writing, "DELETE FROM session_head WHERE no = $no AND sequence = $sequence", ("$no", sessionNo), ("$sequence", sequence));
        if (taken == 0) return null;
        Execute(writing, "DELETE FROM reservation WHERE session_no = $no", ("$no", sessionNo));
        using (var insert = new Statement(writing, "INSERT INTO purge_queue VALUES (?, ?)")) insert.Bind(sessionNo).BindChecksum().Run();
        transaction.Commit();
        return sessionNo;
    }

    /// <summary>Sets when a session wants to be tended, if its head is at the sequence.</summary>
    public static int Reschedule(SqliteConnection writing, SqliteWorker worker, string sessionId, long sequence, DateTimeOffset dueAt)
    {
        if (worker.Appender.FindSession(sessionId) is not { } sessionNo) return 0;
        using var update = new Statement(writing, "UPDATE session_head SET due_at = ?, due_checksum = ? WHERE no = ? AND sequence = ?");
        return update.Cover(sessionNo).Bind(dueAt).BindChecksum().Bind(sessionNo).Bind(sequence).Run();
    }

    /// <summary>Deletes the entries of a session that was taken out, some at a time, so that batches go in between.</summary>
    public static async Task PurgeEntriesAsync(SqliteWorker worker, long sessionNo)
    {
        while (await worker.RunAsync(writing => PurgeChunkOf(writing, sessionNo)) > 0)
        {
        }
    }

    private static int PurgeChunkOf(SqliteConnection writing, long sessionNo)
    {
        // Whole runs: a run that is half deleted would lead to entries that are not there.
        const string some = "SELECT first_sequence FROM entry_run WHERE session_no = $no ORDER BY first_sequence LIMIT $chunk";
        using var transaction = writing.BeginTransaction();
        ReadOnlySpan<(string, object)> parameters = [("$no", sessionNo), ("$chunk", PurgeChunk)];
        Execute(writing, $"""
            DELETE FROM entry WHERE id IN (
                SELECT e.id FROM entry_run r JOIN entry e ON e.id >= r.first_id AND e.id < r.first_id + r.count
                WHERE r.session_no = $no AND r.first_sequence IN ({some}))
            """, parameters);
        var purged = Execute(writing, $"DELETE FROM entry_run WHERE session_no = $no AND first_sequence IN ({some})", parameters);
        if (purged == 0)
        {
            Execute(writing, "DELETE FROM entry_key WHERE session_no = $no", ("$no", sessionNo));
            Execute(writing, "DELETE FROM entry_related WHERE session_no = $no", ("$no", sessionNo));
            Execute(writing, "DELETE FROM purge_queue WHERE session_no = $no", ("$no", sessionNo));
        }

        transaction.Commit();
        return purged;
    }

    /// <summary>Goes on with purges that an earlier process has not finished.</summary>
    public static async Task ResumeAsync(SqliteWorker purging)
    {
        const string next = "SELECT coalesce(min(session_no), 0) FROM purge_queue";
        while (await purging.RunAsync(writing => SqliteSchema.Scalar(writing, next)) is > 0 and var sessionNo)
            await PurgeEntriesAsync(purging, sessionNo);
    }

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public static int Execute(SqliteConnection writing, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = writing.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }
}
