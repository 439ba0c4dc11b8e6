using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Sqlite.Verification;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite.Feed;

/// <summary>Moves the feed's rows from the journal into their table, in the projector's transactions. Used by the writer's thread
/// alone.</summary>
internal sealed class FeedTable(SqliteConnection connection, FeedTail tail) : IDisposable
{
    private readonly Statement insert = new(connection, "INSERT INTO feed VALUES (?, ?, ?, ?, ?)");
    private int written;

    /// <summary>The newest row of the table, which is never trimmed, so that numbers are never given twice; 0 when there never was
    /// one.</summary>
    /// <exception cref="DamagedRowException">It is not as it was written.</exception>
    public static long LastOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM feed ORDER BY position DESC LIMIT 1";
        using var row = command.ExecuteReader();
        if (!row.Read())
            return 0;
        LedgerTable.Feed.Verify(row);
        return row.GetInt64(0);
    }

    /// <summary>Writes all rows that wait.</summary>
    public void Write()
    {
        var waiting = tail.From(0, int.MaxValue);
        foreach (var row in waiting)
            insert.Bind(row.Position).Bind(row.BatchId).Bind(row.AtUtcTicks).BindBlob(row.Ranges.Span).BindChecksum().Run();
        written = waiting.Length;
    }

    /// <summary>What was written is committed.</summary>
    public void Committed() => tail.Remove(written);

    /// <summary>Makes the statement ready for use after a failure.</summary>
    public void Reset() => insert.Reset();

    public void Dispose() => insert.Dispose();
}
