using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>A store around another that does the same, so that a planted fault says only what it does otherwise.</summary>
public abstract class DecoratedStore(ILedgerStore inner) : ILedgerStore
{
    public int Partitions => inner.Partitions;

    public int BatchesAtOnce => inner.BatchesAtOnce;

    public ILedgerFeedStore Feed => inner.Feed;

    public IDeliveryStore Deliveries => inner.Deliveries;

    public int PartitionOf(string ledgerId) => inner.PartitionOf(ledgerId);

    /// <summary>The store itself.</summary>
    protected ILedgerStore Inner => inner;

    public virtual Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public virtual ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch) => inner.AppendAsync(batch);

    public virtual ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        inner.LoadAsync(ledgerId, cancellationToken);

    public virtual ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        inner.LoadHeadAsync(ledgerId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Entry>> ReadAsync(
        string ledgerId,
        long fromSequence,
        int count,
        CancellationToken cancellationToken
    ) => inner.ReadAsync(ledgerId, fromSequence, count, cancellationToken);

    public virtual ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        inner.FindByKeyAsync(ledgerId, key, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        inner.FindRelatedAsync(ledgerId, sequence, cancellationToken);

    public virtual ValueTask<HolderRow?> FindHolderAsync(
        string ledgerId,
        string holderId,
        long holderLife,
        CancellationToken cancellationToken
    ) => inner.FindHolderAsync(ledgerId, holderId, holderLife, cancellationToken);

    public virtual ValueTask<IReadOnlyList<string>> FindDueAsync(
        DateTimeOffset now,
        int skip,
        int count,
        CancellationToken cancellationToken
    ) => inner.FindDueAsync(now, skip, count, cancellationToken);

    public virtual ValueTask RescheduleAsync(
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) => inner.RescheduleAsync(ledgerId, life, sequence, dueAt, cancellationToken);

    public virtual ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken) =>
        inner.PurgeAsync(ledgerId, life, sequence, cancellationToken);

    public virtual ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => inner.ReadClosedHoldersAsync(ledgerId, afterNumber, count, cancellationToken);

    public virtual ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        inner.DropHoldersAsync(ledgerId, numbers, cancellationToken);

    public virtual ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken) =>
        inner.TrimAsync(ledgerId, throughSequence, cancellationToken);

    public virtual ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        inner.ListAsync(listing, cancellationToken);
}
