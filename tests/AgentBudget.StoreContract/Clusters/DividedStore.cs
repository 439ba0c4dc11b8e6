using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>A store of two partitions in memory, one of which can be away: sessions whose ids begin with "second" are in the other
/// one.</summary>
public sealed class DividedStore : ILedgerStore
{
    private readonly InMemoryLedgerStore[] parts = [new(), new()];
    private readonly Lazy<Task> started;

    public DividedStore()
    {
        started = new(() => Task.WhenAll(parts.Select(part => part.StartAsync(CancellationToken.None))));
        Feed = new DividedFeed(this);
        Deliveries = new DividedDeliveries(this);
    }

    /// <summary>The partition that is away; null for none.</summary>
    public int? Away { get; set; }

    /// <summary>Whether deliveries can be deleted from the second partition.</summary>
    public bool RefusesDeletions { get; set; }

    /// <summary>How often the partition that is away was asked for something.</summary>
    public int Refusals { get; private set; }

    public int Partitions => parts.Length;

    public ILedgerFeedStore Feed { get; }

    public IDeliveryStore Deliveries { get; }

    public int PartitionOf(string ledgerId) => ledgerId.StartsWith("second", StringComparison.Ordinal) ? 1 : 0;

    public Task StartAsync(CancellationToken cancellationToken) => started.Value;

    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch) =>
        await parts[PartitionOf(batch[0].Head.SessionId)].AppendAsync(batch);

    public ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        Of(ledgerId).LoadAsync(ledgerId, cancellationToken);

    public ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        Of(ledgerId).LoadHeadAsync(ledgerId, cancellationToken);

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken) =>
        Of(ledgerId).ReadAsync(ledgerId, fromSequence, count, cancellationToken);

    public ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        Of(ledgerId).FindByKeyAsync(ledgerId, key, cancellationToken);

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        Of(ledgerId).FindRelatedAsync(ledgerId, sequence, cancellationToken);

    public ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken) =>
        Of(ledgerId).FindHolderAsync(ledgerId, holderId, holderLife, cancellationToken);

    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        new([]);

    public ValueTask RescheduleAsync(
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) => Of(ledgerId).RescheduleAsync(ledgerId, life, sequence, dueAt, cancellationToken);

    public ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken) =>
        Of(ledgerId).PurgeAsync(ledgerId, life, sequence, cancellationToken);

    public ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => Of(ledgerId).ReadClosedHoldersAsync(ledgerId, afterNumber, count, cancellationToken);

    public ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        Of(ledgerId).DropHoldersAsync(ledgerId, numbers, cancellationToken);

    public ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken) =>
        Of(ledgerId).TrimAsync(ledgerId, throughSequence, cancellationToken);

    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) => new([]);

    private InMemoryLedgerStore Of(string ledgerId) => parts[PartitionOf(ledgerId)];

    private InMemoryLedgerStore Of(int partition)
    {
        if (partition != Away)
            return parts[partition];
        Refusals++;
        throw new LedgerStoreUnavailableException($"Partition {partition} is away; wait for it.");
    }

    private sealed class DividedFeed(DividedStore store) : ILedgerFeedStore
    {
        public async ValueTask<IReadOnlyList<FeedRow>> ReadFeedAsync(
            int partition,
            long fromPosition,
            int count,
            EventKinds kinds,
            CancellationToken token
        ) => await store.Of(partition).Feed.ReadFeedAsync(0, fromPosition, count, kinds, token);

        public async ValueTask<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
            int partition,
            IReadOnlyList<FeedRange> ranges,
            CancellationToken token
        ) => await store.Of(partition).Feed.ReadRangesAsync(0, ranges, token);

        public async ValueTask<FeedEnds> FeedEndsAsync(int partition, CancellationToken token) =>
            await store.Of(partition).Feed.FeedEndsAsync(0, token);

        public async ValueTask TrimFeedAsync(int partition, long beforePosition, CancellationToken token) =>
            await store.Of(partition).Feed.TrimFeedAsync(0, beforePosition, token);

        public async ValueTask<IReadOnlyList<FeedConsumerRow>> ReadConsumersAsync(int partition, CancellationToken token) =>
            await store.Of(partition).Feed.ReadConsumersAsync(0, token);

        public async ValueTask SaveConsumerAsync(int partition, FeedConsumerRow consumer, CancellationToken token) =>
            await store.Of(partition).Feed.SaveConsumerAsync(0, consumer, token);

        public async ValueTask DeleteConsumerAsync(int partition, string name, CancellationToken token) =>
            await store.Of(partition).Feed.DeleteConsumerAsync(0, name, token);
    }

    private sealed class DividedDeliveries(DividedStore store) : IDeliveryStore
    {
        public async ValueTask<IReadOnlyList<DeliveryRow>> ReadAsync(
            int partition,
            string list,
            string? after,
            int count,
            CancellationToken token
        ) => await store.Of(partition).Deliveries.ReadAsync(0, list, after, count, token);

        public async ValueTask WriteAsync(
            int partition,
            IReadOnlyList<DeliveryRow> put,
            IReadOnlyList<DeliveryKey> deleted,
            CancellationToken token
        ) => await store.Of(partition).Deliveries.WriteAsync(0, put, deleted, token);

        public async ValueTask DeleteAsync(int partition, string list, CancellationToken token)
        {
            if (partition == 1 && store.RefusesDeletions)
                throw new LedgerStoreUnavailableException("Nothing can be deleted now; wait.");
            await store.Of(partition).Deliveries.DeleteAsync(0, list, token);
        }
    }
}
