using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite.Feed;

/// <summary>
/// Writes the feed's row of each batch, in the batch's transaction. Used by the writer's thread alone; readers ask it only how far they
/// may read.
/// </summary>
internal sealed class FeedWriter : IDisposable
{
    private readonly FeedRanges ranges = new();
    private readonly Statement insert;
    private long last;
    private long readable;

    public FeedWriter(SqliteConnection connection)
    {
        // The newest row is never trimmed, so that numbers are never given twice.
        readable = last = SqliteSchema.Scalar(connection, "SELECT coalesce(max(position), 0) FROM feed");
        insert = new Statement(connection, "INSERT INTO feed VALUES (?, ?, ?, ?, ?)");
    }

    /// <summary>The last position whose entries can be read: they are in the journal's tail, or in the tables.</summary>
    public long Readable => Volatile.Read(ref readable);

    public void Begin() => ranges.Clear();

    public void Add(long ledgerNo, in LedgerAppend append) => ranges.Add(ledgerNo, append);

    /// <summary>Writes the row, if there is anything in it.</summary>
    public void Write()
    {
        if (!ranges.IsEmpty)
            insert.Bind(++last).Bind(ranges.BatchId).Bind(ranges.At).BindBlob(ranges.Bytes).BindChecksum().Run();
    }

    /// <summary>The batch was rolled back.</summary>
    public void RolledBack()
    {
        insert.Reset();
        last = Readable;
    }

    /// <summary>The batch's entries can be read.</summary>
    public void Publish() => Volatile.Write(ref readable, last);

    public void Dispose() => insert.Dispose();
}
