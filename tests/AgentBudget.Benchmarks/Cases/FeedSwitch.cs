using AgentBudget.Orleans.Storage;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>A store whose batches can be written without their row of the feed, to see what that row costs. For this benchmark
/// alone.</summary>
internal sealed class FeedSwitch(ILedgerStore inner) : ILedgerStore, IDisposable
{
    /// <summary>Whether rows are written.</summary>
    public static volatile bool IsOn = true;

    public int Partitions => inner.Partitions;

    public int BatchesAtOnce => inner.BatchesAtOnce;

    public ILedgerFeedStore Feed => inner.Feed;

    public IDeliveryStore Deliveries => inner.Deliveries;

    public int PartitionOf(string ledgerId) => inner.PartitionOf(ledgerId);

    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch) =>
        inner.AppendAsync(IsOn ? batch : [.. batch.Select(append => append with { Head = append.Head with { LastEventSequence = 0 } })]);

    public ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        inner.LoadAsync(ledgerId, cancellationToken);

    public ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        inner.LoadHeadAsync(ledgerId, cancellationToken);

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(ledgerId, fromSequence, count, cancellationToken);

    public ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        inner.FindByKeyAsync(ledgerId, key, cancellationToken);

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        inner.FindRelatedAsync(ledgerId, sequence, cancellationToken);

    public ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken) =>
        inner.FindHolderAsync(ledgerId, holderId, holderLife, cancellationToken);

    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        inner.FindDueAsync(now, skip, count, cancellationToken);

    public ValueTask RescheduleAsync(
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) => inner.RescheduleAsync(ledgerId, life, sequence, dueAt, cancellationToken);

    public ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken) =>
        inner.PurgeAsync(ledgerId, life, sequence, cancellationToken);

    public ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => inner.ReadClosedHoldersAsync(ledgerId, afterNumber, count, cancellationToken);

    public ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        inner.DropHoldersAsync(ledgerId, numbers, cancellationToken);

    public ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken) =>
        inner.TrimAsync(ledgerId, throughSequence, cancellationToken);

    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        inner.ListAsync(listing, cancellationToken);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
