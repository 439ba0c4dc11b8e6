using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.PostgreSql;

/// <summary>
/// The ledger store of a cluster: one or several PostgreSQL databases, written by every silo. Each session's rows stand in one of them,
/// and no statement reaches over two.
/// </summary>
public sealed class PostgreSqlLedgerStore : ILedgerStore, IDisposable
{
    private readonly PostgreSqlLedgerOptions options;
    private readonly LedgerPartition[] partitions;
    private bool isDisposed;

    /// <summary>Makes a store; nothing is connected to before <see cref="StartAsync"/>.</summary>
    /// <exception cref="LedgerStoreUnavailableException">The options are wrong; the message names which and the mend.</exception>
    public PostgreSqlLedgerStore(IOptions<PostgreSqlLedgerOptions> options)
    {
        this.options = options.Value;
        try
        {
            this.options.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new LedgerStoreUnavailableException(exception.Message, exception);
        }

        partitions = new LedgerPartition[this.options.ConnectionStrings.Count];
        for (var i = 0; i < partitions.Length; i++)
            partitions[i] = new LedgerPartition(this.options, i);
        Feed = new PostgreSqlFeed(partitions);
        Deliveries = new PostgreSqlDeliveries(partitions);
    }

    /// <inheritdoc/>
    public int Partitions => partitions.Length;

    /// <inheritdoc/>
    public int BatchesAtOnce => PartitionDatabase.WritersAtOnce;

    /// <inheritdoc/>
    public int PartitionOf(string ledgerId) => PartitionHash.PartitionOf(ledgerId, partitions.Length);

    /// <inheritdoc/>
    public ILedgerFeedStore Feed { get; }

    /// <inheritdoc/>
    public IDeliveryStore Deliveries { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in partitions)
            await PartitionCheck.StartAsync(partition.Database, options, cancellationToken);
        await PartitionCheck.BelongTogetherAsync(partitions, cancellationToken);
        foreach (var partition in partitions)
            await partition.Purge.ResumeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var outcomes = new AppendOutcome[batch.Count];
        var places = new List<int>?[partitions.Length];
        for (var i = 0; i < batch.Count; i++)
            (places[PartitionOf(batch[i].Head.SessionId)] ??= []).Add(i);
        var writes = new List<Task>(partitions.Length);
        for (var i = 0; i < partitions.Length; i++)
        {
            if (places[i] is { } mine)
                writes.Add(partitions[i].Writer.AppendAsync(batch, mine, outcomes));
        }

        await Task.WhenAll(writes);
        return outcomes;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        await Of(ledgerId).Reader.LoadAsync(ledgerId, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        await Of(ledgerId).Reader.LoadHeadAsync(ledgerId, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Entry>> ReadAsync(
        string ledgerId,
        long fromSequence,
        int count,
        CancellationToken cancellationToken
    ) => await Of(ledgerId).Reader.ReadAsync(ledgerId, fromSequence, count, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        await Of(ledgerId).Reader.FindByKeyAsync(ledgerId, key, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        await Of(ledgerId).Reader.FindRelatedAsync(ledgerId, sequence, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<HolderRow?> FindHolderAsync(
        string ledgerId,
        string holderId,
        long holderLife,
        CancellationToken cancellationToken
    ) => await Of(ledgerId).Reader.FindHolderAsync(ledgerId, holderId, holderLife, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var reads = Array.ConvertAll(partitions, partition => partition.Reader.FindDueAsync(now, (long)skip + count, cancellationToken));
        await ((Task)Task.WhenAll(reads)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A partition that is away must not keep the others from being swept.
        var isAnyRead = reads.Any(read => read.IsCompletedSuccessfully);
        foreach (
            var read in reads.Where(read => !isAnyRead || read.Exception?.InnerException is not (null or LedgerStoreUnavailableException))
        )
            await read;
        var due = reads.Where(read => read.IsCompletedSuccessfully).SelectMany(read => read.Result);
        return [.. due.OrderBy(session => session.DueAt).Skip(skip).Take(count).Select(session => session.SessionId)];
    }

    /// <inheritdoc/>
    public async ValueTask RescheduleAsync(
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) => await Of(ledgerId).RescheduleAsync(ledgerId, life, sequence, dueAt, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken) =>
        await Of(ledgerId).Purge.PurgeAsync(ledgerId, life, sequence, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken) =>
        await Of(ledgerId).Purge.TrimAsync(ledgerId, throughSequence, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => await Of(ledgerId).Reader.ReadClosedHoldersAsync(ledgerId, afterNumber, count, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        await Of(ledgerId).Purge.DropHoldersAsync(ledgerId, numbers, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        listing.PageOf(await OfAllAsync(partition => partition.Reader.ListAsync(listing, cancellationToken)));

    /// <summary>Closes all connections; what was acknowledged is durable already.</summary>
    public void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        foreach (var partition in partitions)
            partition.Dispose();
    }

    private LedgerPartition Of(string ledgerId)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return partitions[PartitionOf(ledgerId)];
    }

    // Each partition gives what it would give if it were the only one; what is first of all is among that.
    private async Task<IEnumerable<T>> OfAllAsync<T>(Func<LedgerPartition, Task<List<T>>> read)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return (await Task.WhenAll(partitions.Select(read))).SelectMany(rows => rows);
    }
}
