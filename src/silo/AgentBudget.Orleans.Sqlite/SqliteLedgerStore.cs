using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Sqlite.Feed;
using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// The embedded ledger store: one SQLite file in write-ahead mode with full synchronisation, one writer, several readers. A process
/// that dies at any moment loses nothing that was acknowledged.
/// </summary>
public sealed class SqliteLedgerStore : ILedgerStore, IDisposable
{
    private readonly SqliteLedgerOptions options;
    private readonly string filePath;
    private readonly ILogger logger;
    private readonly JournalTail tail = new(TimeProvider.System);
    private readonly SqliteReaders readers;
    private LedgerFileLock? fileLock;
    private SqliteConnection? connection;
    private readonly WritingSide writing;
    private volatile bool isDisposed;

    /// <summary>Makes a store; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where the ledger is.</param>
    /// <param name="logger">Gets what is wrong with the file and heals or is worked around. Default: nobody does.</param>
    /// <param name="meters">Makes the instruments, on the meter <see cref="LedgerMetrics.MeterName"/>. Default: there are none.</param>
    public SqliteLedgerStore(IOptions<SqliteLedgerOptions> options, ILogger<SqliteLedgerStore>? logger = null, IMeterFactory? meters = null)
    {
        this.options = options.Value;
        filePath = this.options.FilePath;
        this.logger = new QuietLogger(logger ?? NullLogger<SqliteLedgerStore>.Instance);
        readers = new SqliteReaders(filePath, this.options.IsReadOnly ? null : tail);
        writing = new WritingSide(filePath, this.options.IsReadOnly);
        Feed = new SqliteFeed(readers, writing);
        Deliveries = new SqliteDeliveries(readers, writing);
        if (meters is not null)
            SqliteMetrics.Observe(meters, tail);
    }

    /// <inheritdoc/>
    public int Partitions => 1;

    /// <inheritdoc/>
    public int PartitionOf(string ledgerId) => 0;

    /// <inheritdoc/>
    public ILedgerFeedStore Feed { get; }

    /// <inheritdoc/>
    public IDeliveryStore Deliveries { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => SqliteErrors.Read(filePath, Start), cancellationToken);
        if (writing.Worker is { } worker)
            await SqlitePurge.ResumeAsync(worker);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        var worker = Writable();
        worker.EnsureNotBehind();
        return await worker.RunAsync(_ => worker.Appender.Append(batch));
    }

    /// <inheritdoc/>
    public ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Load(ledgerId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.LoadHead(ledgerId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Read(ledgerId, fromSequence, count), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindByKey(ledgerId, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindRelated(ledgerId, sequence), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindHolder(ledgerId, holderId, holderLife), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.FindDue(now, skip, count), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.List(listing), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RescheduleAsync(
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) => await RunProjectedAsync(ledgerId, connection => SqlitePurge.Reschedule(connection, Writable(), ledgerId, life, sequence, dueAt));

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken)
    {
        var worker = Writable();
        var ledgerNo = await RunProjectedAsync(ledgerId, connection => SqlitePurge.TakeOut(connection, worker, ledgerId, life, sequence));
        if (ledgerNo is { } taken)
            await SqlitePurge.PurgeEntriesAsync(worker, taken);
    }

    /// <inheritdoc/>
    public async ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken)
    {
        var worker = Writable();
        var trimmed = await RunProjectedAsync(ledgerId, connection => SqlitePurge.Trim(connection, worker, ledgerId, throughSequence));
        if (trimmed is { } entries)
            await SqlitePurge.TrimEntriesAsync(worker, entries.No, entries.Through);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    )
    {
        var worker = Writable();
        return await RunProjectedAsync(
            ledgerId,
            connection =>
                worker.Appender.FindSession(ledgerId) is { } no
                    ? SideTable.ReadClosed(connection, no, afterNumber, count).Closed(afterNumber, count)
                    : []
        );
    }

    /// <inheritdoc/>
    public async ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken)
    {
        var worker = Writable();
        await RunProjectedAsync(
            ledgerId,
            connection => worker.Appender.FindSession(ledgerId) is { } no ? SideTable.DropClosed(connection, no, numbers) : 0
        );
    }

    /// <summary>
    /// Closes the store; what was acknowledged is on the disk already. Operations that have begun come to their end first, which is waited
    /// for in bounded time; others are refused.
    /// </summary>
    public void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        readers.Dispose();
        // A thread that does not come to its end keeps the file, and the lock on it: nobody may write beside it.
        if (writing.Worker is { } worker && !worker.TryEnd())
            return;
        writing.Worker?.Dispose();
        connection?.Dispose();
        fileLock?.Dispose();
    }

    /// <summary>Reads with one of the readers, on a thread that may be blocked.</summary>
    internal ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return readers.ReadAsync(read, cancellationToken);
    }

    // What changes a session's rows in place finds all of it in the tables.
    private Task<T> RunProjectedAsync<T>(string ledgerId, Func<SqliteConnection, T> work)
    {
        var worker = Writable();
        return worker.RunAsync(connection =>
        {
            worker.Project(ledgerId);
            return work(connection);
        });
    }

    private bool Start()
    {
        if (options.IsReadOnly)
        {
            if (!File.Exists(filePath))
                throw new LedgerStoreUnavailableException($"There is no ledger at {filePath}; check the path.");
            // A process that writes it has looked through it already, and its log has an end that moves.
            var isWritten = LedgerFileLock.IsTaken(filePath);
            if (!isWritten && WalCheck.Find(filePath) is { } damage)
                throw damage.ToException();
            using var looking = LedgerFile.Open(filePath, SqliteOpenMode.ReadOnly);
            if (SqliteSchema.Check(looking, filePath) != SqliteSchema.Version)
                throw new LedgerStoreUnavailableException($"The ledger {filePath} has an older schema; open it once for writing.");
            if (!isWritten && options.VerifyAtStart)
                LedgerCheck.Run(looking, filePath);
            // Each reading looks into the journal anew; this one shows that it can be read.
            new JournalRecovery(looking, filePath, new JournalTail(TimeProvider.System)).Run();
            return true;
        }

        fileLock = LedgerFileLock.Take(filePath);
        WalCheck.Prepare(filePath);
        connection = LedgerFile.Open(filePath, SqliteOpenMode.ReadWriteCreate);
        SqliteSchema.Execute(connection, "PRAGMA journal_mode = WAL");
        SqliteSchema.Execute(connection, "PRAGMA synchronous = FULL");
        SqliteSchema.Execute(connection, "PRAGMA wal_autocheckpoint = 4000");
        SqliteSchema.Execute(connection, "PRAGMA journal_size_limit = 67108864");
        // 64 MiB, in place of 2: the tables are filled session by session, and their pages must not be read back for each filling.
        SqliteSchema.Execute(connection, "PRAGMA cache_size = -65536");
        SqliteSchema.Upgrade(connection, filePath);
        if (options.VerifyAtStart)
            LedgerCheck.Run(connection, filePath);
        writing.Worker = new SqliteWorker(filePath, connection, tail, new JournalRecovery(connection, filePath, tail).Run(), logger);
        writing.Worker.Start();
        return true;
    }

    private SqliteWorker Writable()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return writing.Get();
    }
}
