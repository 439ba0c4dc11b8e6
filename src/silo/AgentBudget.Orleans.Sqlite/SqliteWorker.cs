using System.Collections.Concurrent;
using AgentBudget.Orleans.Sqlite.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// The one thread that writes: SQLite takes one writer, and its calls block, so they have a thread of their own rather than one of the
/// silo's. Batches go into the journal; after each, while those who waited for it go on, some of the journal is spread over the tables.
/// </summary>
internal sealed class SqliteWorker : IDisposable
{
    /// <summary>Entries that the journal may hold; beyond, as much is projected as comes in, and more.</summary>
    public const int MaxTail = 32_768;

    private const int MaxBacklog = 8 * MaxTail;
    private const int SmallestStep = 256;
    private const int IdleStep = 4_096;

    /// <summary>Operations that may wait for the thread; one more is refused.</summary>
    public const int QueueCapacity = 1_024;

    /// <summary>
    /// Commits that a loss of power may find on their way to the disk: a filling of the tables, and the batch after it. What was committed
    /// before was synchronised.
    /// </summary>
    public const int MaxUnsynchronisedCommits = 2;

    private static readonly TimeSpan IdleBeforeProjecting = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestInJournal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private readonly string filePath;
    private readonly SqliteConnection connection;
    private readonly JournalTail tail;
    private readonly ILogger logger;
    private readonly SqliteProjector projector;
    private readonly BlockingCollection<Action> queue = new(QueueCapacity);
    private readonly Thread thread;
    private bool isTrimmed;
    private bool isSynchronous = true;
    private long? unsynchronisedAtJournalId;
    private Exception? projectionFailure;

    public SqliteWorker(string filePath, SqliteConnection connection, JournalTail tail, long lastJournalId, ILogger logger)
    {
        this.filePath = filePath;
        this.connection = connection;
        this.tail = tail;
        this.logger = logger;
        projector = new SqliteProjector(connection, tail, logger);
        Appender = new SqliteAppender(connection, tail, lastJournalId);
        thread = new Thread(Run) { IsBackground = true, Name = "agentbudget-sqlite-writer" };
    }

    public SqliteAppender Appender { get; }

    /// <summary>Projects what an earlier process left, then takes work.</summary>
    public void Start()
    {
        ProjectAll();
        thread.Start();
    }

    /// <summary>Runs work on the writer's thread, with its connection. Never waits for a place: those who call it serve others,
    /// too.</summary>
    /// <exception cref="LedgerStoreUnavailableException">In the task: as much waits as may, or the ledger is closed. Nothing was
    /// done.</exception>
    public Task<T> RunAsync<T>(Func<SqliteConnection, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (!queue.TryAdd(() => Complete(done, work)))
                done.SetException(
                    new LedgerStoreUnavailableException(
                        $"{QueueCapacity} operations wait for the ledger {filePath}; try again, and look after the disk."
                    )
                );
        }
        catch (InvalidOperationException exception)
        {
            done.SetException(new LedgerStoreUnavailableException($"The ledger {filePath} is closed.", exception));
        }

        return done.Task;
    }

    /// <summary>Brings the tables up to date for one session. For work that runs on this thread.</summary>
    /// <exception cref="LedgerStoreUnavailableException">The session is set aside.</exception>
    public void Project(string ledgerId)
    {
        if (tail.Find(ledgerId) is not { } session)
            return;
        if (session.Failure is not null)
            throw SqliteErrors.SetAside(session, filePath);
        projector.Project(session);
        Appender.Forget(ledgerId);
    }

    /// <summary>Brings the feed's table up to date. For work that runs on this thread.</summary>
    public void ProjectFeed() => projector.ProjectFeed();

    /// <summary>Lets the thread finish what waits for it, and takes nothing more.</summary>
    /// <returns>Whether it has ended. Otherwise it is still at the file, which must not be closed under it.</returns>
    public bool TryEnd()
    {
        queue.CompleteAdding();
        if (!thread.IsAlive || thread.Join(LongestEnd))
            return true;
        SqliteLog.DoesNotEnd(logger, filePath, LongestEnd.TotalSeconds);
        return false;
    }

    /// <summary>Gives back what the thread used; after <see cref="TryEnd"/>.</summary>
    public void Dispose()
    {
        Appender.Dispose();
        projector.Dispose();
        queue.Dispose();
    }

    /// <summary>Refuses work when projecting has failed for so long that the journal is no small thing any more.</summary>
    public void EnsureNotBehind()
    {
        if (tail.Count > MaxBacklog)
            throw new LedgerStoreUnavailableException(
                $"The tables of the ledger {filePath} cannot be written: {projectionFailure?.Message}",
                projectionFailure
            );
    }

    private void Run()
    {
        while (!queue.IsCompleted)
        {
            var before = tail.Count;
            if (queue.TryTake(out var work, IdleBeforeProjecting))
                work();
            TryTend(isIdle: work is null, arrived: tail.Count - before);
        }
    }

    private void TryTend(bool isIdle, int arrived)
    {
        try
        {
            if (!Tend(isIdle, arrived) || projectionFailure is null)
                return;
            projectionFailure = null;
            SqliteLog.CaughtUp(logger, filePath);
        }
        catch (Exception exception)
        {
            // The entries are durable all the same and are read from the journal; the next step tries again.
            if (projectionFailure is null)
                SqliteLog.Behind(logger, exception, filePath, tail.Count);
            projectionFailure = exception;
        }
    }

    private void Complete<T>(TaskCompletionSource<T> done, Func<SqliteConnection, T> work)
    {
        try
        {
            done.SetResult(
                SqliteErrors.Run(
                    filePath,
                    () =>
                    {
                        // A return to full synchronisation that failed must not leave acknowledged batches to chance.
                        if (!isSynchronous)
                            Synchronise();
                        return work(connection);
                    }
                )
            );
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    // Says whether something was done.
    private bool Tend(bool isIdle, int arrived)
    {
        if (tail.Count == 0)
        {
            if (!isIdle || isTrimmed)
                return false;
            Trim();
            return true;
        }

        isTrimmed = false;
        var isDue = isIdle || tail.Count > MaxTail || tail.OldestAge() > LongestInJournal;
        if (isDue)
            Project(isIdle ? IdleStep : Math.Max(SmallestStep, 2 * arrived));
        return isDue;
    }

    private void ProjectAll()
    {
        while (tail.Count > 0)
            Project(IdleStep);
        Trim();
    }

    private void Trim()
    {
        projector.Trim(Appender.NextJournalId);
        tail.TrimExcess();
        Appender.TrimExcess();
        isTrimmed = true;
    }

    // What is projected is durable in the journal; waiting for the disk once more would only hold up the batches behind it. Where no batch
    // came since the last time there is none to hold up, and the log gets no long end that may be on the disk in parts.
    private void Project(int entries)
    {
        var mustSynchronise = unsynchronisedAtJournalId == Appender.NextJournalId;
        if (!mustSynchronise)
        {
            (isSynchronous, unsynchronisedAtJournalId) = (false, Appender.NextJournalId);
            SqliteSchema.Execute(connection, "PRAGMA synchronous = NORMAL");
        }

        var left = new List<TailSnapshot>();
        try
        {
            projector.ProjectOldest(entries, left);
            if (mustSynchronise)
                unsynchronisedAtJournalId = null;
        }
        finally
        {
            foreach (var session in left)
                Appender.Forget(session.Head.SessionId);
            Synchronise();
        }
    }

    private void Synchronise()
    {
        SqliteAppender.RollBack(connection);
        SqliteSchema.Execute(connection, "PRAGMA synchronous = FULL");
        isSynchronous = true;
    }
}
