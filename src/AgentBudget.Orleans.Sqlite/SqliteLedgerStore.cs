using System.Collections.Concurrent;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// The embedded ledger store: one SQLite file in write-ahead mode with full synchronisation, one writer, several readers. A process
/// that dies at any moment loses nothing that was acknowledged.
/// </summary>
public sealed class SqliteLedgerStore : ILedgerStore, IDisposable
{
    private const int MaxReaders = 4;
    private const int PurgeChunk = 100;

    private readonly SqliteLedgerOptions options;
    private readonly string filePath;
    private readonly SemaphoreSlim readerPlaces = new(MaxReaders);
    private readonly ConcurrentBag<SqliteReader> readers = [];
    private readonly JournalTail tail = new(TimeProvider.System);
    private LedgerFileLock? fileLock;
    private SqliteConnection? connection;
    private SqliteWorker? worker;
    private bool isDisposed;

    /// <summary>Makes a store; nothing is opened before <see cref="StartAsync"/>.</summary>
    public SqliteLedgerStore(IOptions<SqliteLedgerOptions> options)
    {
        this.options = options.Value;
        filePath = this.options.FilePath;
    }

    /// <inheritdoc/>
    public int Partitions => 1;

    /// <inheritdoc/>
    public int PartitionOf(string sessionId) => 0;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => SqliteErrors.Run(filePath, Start), cancellationToken);
        if (worker is not null) await ResumePurgesAsync(worker);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<SessionAppend> batch)
    {
        var worker = Writable();
        worker.EnsureNotBehind();
        return await worker.RunAsync(_ => worker.Appender.Append(batch));
    }

    /// <inheritdoc/>
    public ValueTask<StoredSession?> LoadAsync(string sessionId, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Load(sessionId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string sessionId, long fromSequence, int count, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Read(sessionId, fromSequence, count), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Entry?> FindByKeyAsync(string sessionId, string key, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindByKey(sessionId, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindRelated(sessionId, sequence), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindDue(now, skip, count), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.List(listing), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RescheduleAsync(string sessionId, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        await RunProjectedAsync(sessionId, writing => Execute(
            writing,
            "UPDATE session_head SET due_at = $due WHERE session_id = $id AND sequence = $sequence",
            ("$due", dueAt.UtcTicks), ("$id", sessionId), ("$sequence", sequence)));

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(string sessionId, long sequence, CancellationToken cancellationToken)
    {
        var worker = Writable();
        var sessionNo = await RunProjectedAsync(sessionId, writing => TakeOut(writing, worker, sessionId, sequence));
        if (sessionNo is { } taken) await PurgeEntriesAsync(worker, taken);
    }

    /// <summary>Closes the store; what was acknowledged is on the disk already.</summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        worker?.Dispose();
        while (readers.TryTake(out var reader)) reader.Dispose();
        connection?.Dispose();
        fileLock?.Dispose();
        readerPlaces.Dispose();
    }

    // What changes a session's rows in place finds all of it in the tables.
    private Task<T> RunProjectedAsync<T>(string sessionId, Func<SqliteConnection, T> work)
    {
        var worker = Writable();
        return worker.RunAsync(writing =>
        {
            worker.Project(sessionId);
            return work(writing);
        });
    }

    private bool Start()
    {
        if (options.IsReadOnly)
        {
            if (!File.Exists(filePath)) throw new LedgerStoreUnavailableException($"There is no ledger at {filePath}; check the path.");
            connection = Open(SqliteOpenMode.ReadOnly);
            if (SqliteSchema.Check(connection, filePath) != SqliteSchema.Version)
                throw new LedgerStoreUnavailableException($"The ledger {filePath} has an older schema; open it once for writing.");
            new JournalRecovery(connection, filePath, tail).Run();
            return true;
        }

        fileLock = LedgerFileLock.Take(filePath);
        connection = Open(SqliteOpenMode.ReadWriteCreate);
        SqliteSchema.Execute(connection, "PRAGMA journal_mode = WAL");
        SqliteSchema.Execute(connection, "PRAGMA synchronous = FULL");
        SqliteSchema.Execute(connection, "PRAGMA wal_autocheckpoint = 4000");
        SqliteSchema.Execute(connection, "PRAGMA journal_size_limit = 67108864");
        // 64 MiB, in place of 2: the tables are filled session by session, and their pages must not be read back for each filling.
        SqliteSchema.Execute(connection, "PRAGMA cache_size = -65536");
        SqliteSchema.Upgrade(connection, filePath);
        worker = new SqliteWorker(filePath, connection, tail, new JournalRecovery(connection, filePath, tail).Run());
        worker.Start();
        return true;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = filePath,
            Mode = mode,
            // A pooled connection that has once met a lock can keep failing.
            Pooling = false,
            DefaultTimeout = 2,
        }.ToString());
        opened.Open();
        SqliteSchema.Execute(opened, "PRAGMA busy_timeout = 2000");
        return opened;
    }

    private SqliteWorker Writable()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return worker ?? throw new LedgerStoreUnavailableException(
            options.IsReadOnly ? $"The ledger {filePath} was opened for reading only." : $"The ledger {filePath} was not started.");
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        await readerPlaces.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => SqliteErrors.Run(filePath, () => Read(read)), cancellationToken);
        }
        finally
        {
            readerPlaces.Release();
        }
    }

    private T Read<T>(Func<SqliteReader, T> read)
    {
        if (!readers.TryTake(out var reader)) reader = new SqliteReader(Open(SqliteOpenMode.ReadOnly), tail);
        try
        {
            var result = read(reader);
            readers.Add(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    // The head goes first and whole; a crash leaves the rest in a queue that is gone on with at the next start.
    private static long? TakeOut(SqliteConnection writing, SqliteWorker worker, string sessionId, long sequence)
    {
        if (worker.Appender.FindSession(sessionId) is not { } sessionNo) return null;
        using var transaction = writing.BeginTransaction();
        var taken = Execute(writing, "DELETE FROM session_head WHERE no = $no AND sequence = $sequence", ("$no", sessionNo), ("$sequence", sequence));
        if (taken == 0) return null;
        Execute(writing, "DELETE FROM reservation WHERE session_no = $no", ("$no", sessionNo));
        Execute(writing, "INSERT INTO purge_queue VALUES ($no)", ("$no", sessionNo));
        transaction.Commit();
        return sessionNo;
    }

    private static async Task PurgeEntriesAsync(SqliteWorker worker, long sessionNo)
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

    private static async Task ResumePurgesAsync(SqliteWorker purging)
    {
        const string next = "SELECT coalesce(min(session_no), 0) FROM purge_queue";
        while (await purging.RunAsync(writing => SqliteSchema.Scalar(writing, next)) is > 0 and var sessionNo)
            await PurgeEntriesAsync(purging, sessionNo);
    }

    private static int Execute(SqliteConnection writing, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = writing.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }
}
