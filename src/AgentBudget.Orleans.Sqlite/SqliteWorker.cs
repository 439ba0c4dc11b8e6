using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// The one thread that writes: SQLite takes one writer, and its calls block, so they have a thread of their own rather than one of the
/// silo's. Between batches, and when nothing is to do, it brings the look-up tables up to date.
/// </summary>
internal sealed class SqliteWorker : IDisposable
{
    /// <summary>Entries that may stand outside the look-up tables; beyond, indexing goes before new batches.</summary>
    public const int MaxUnindexed = 32_768;

    private const int QueueCapacity = 1_024;
    private static readonly TimeSpan IdleBeforeIndexing = TimeSpan.FromMilliseconds(200);

    private readonly string filePath;
    private readonly SqliteConnection connection;
    private readonly UnindexedTail tail;
    private readonly SqliteIndexer indexer;
    private readonly BlockingCollection<Action> queue = new(QueueCapacity);
    private readonly Thread thread;
    private long indexedThrough;

    public SqliteWorker(string filePath, SqliteConnection connection, UnindexedTail tail)
    {
        this.filePath = filePath;
        this.connection = connection;
        this.tail = tail;
        indexer = new SqliteIndexer(connection);
        Appender = new SqliteAppender(connection, tail);
        indexedThrough = SqliteSchema.Scalar(connection, "SELECT indexed_through FROM index_progress");
        thread = new Thread(Run) { IsBackground = true, Name = "agentbudget-sqlite-writer" };
    }

    public SqliteAppender Appender { get; }

    /// <summary>Indexes what an earlier process left, then takes work.</summary>
    public void Start()
    {
        var last = SqliteSchema.Scalar(connection, "SELECT coalesce(max(id), 0) FROM entry");
        while (indexedThrough < last) Index(Math.Min(last, indexedThrough + MaxUnindexed));
        thread.Start();
    }

    /// <summary>Runs work on the writer's thread, with its connection.</summary>
    public Task<T> RunAsync<T>(Func<SqliteConnection, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            queue.Add(() => Complete(done, work));
        }
        catch (InvalidOperationException exception)
        {
            done.SetException(new LedgerStoreUnavailableException($"The ledger {filePath} is closed.", exception));
        }

        return done.Task;
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        if (thread.IsAlive) thread.Join();
        Appender.Dispose();
        indexer.Dispose();
        queue.Dispose();
    }

    private void Run()
    {
        while (!queue.IsCompleted)
        {
            if (queue.TryTake(out var work, IdleBeforeIndexing)) work();
            var isBehind = tail.Count >= MaxUnindexed || (work is null && tail.Count > 0);
            if (isBehind) TryIndexTail();
        }
    }

    private void Complete<T>(TaskCompletionSource<T> done, Func<SqliteConnection, T> work)
    {
        try
        {
            done.SetResult(SqliteErrors.Run(filePath, () => work(connection)));
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    private void TryIndexTail()
    {
        try
        {
            IndexTail();
        }
        catch (SqliteException)
        {
            // The entries are durable all the same and are read from the tail; the next round tries again.
            SqliteAppender.RollBack(connection);
        }
    }

    /// <summary>Brings the look-up tables up to date now. For work that runs on this thread.</summary>
    public void IndexTail()
    {
        if (tail.Count == 0) return;
        Index(tail.LastId);
        tail.Clear();
    }

    private void Index(long throughId)
    {
        indexer.Index(indexedThrough, throughId);
        indexedThrough = throughId;
    }
}
