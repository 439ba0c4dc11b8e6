using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.PostgreSql;

/// <summary>The feeds of the partitions, each by itself: no order reaches over two of them.</summary>
internal sealed class PostgreSqlFeed(LedgerPartition[] partitions) : ILedgerFeedStore
{
    public async ValueTask<IReadOnlyList<FeedRow>> ReadFeedAsync(
        int partition,
        long fromPosition,
        int count,
        EventKinds kinds,
        CancellationToken cancellationToken
    ) => await partitions[partition].Feed.ReadAsync(fromPosition, count, kinds, cancellationToken);

    public async ValueTask<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
        int partition,
        IReadOnlyList<FeedRange> ranges,
        CancellationToken cancellationToken
    ) => await partitions[partition].Feed.ReadRangesAsync(ranges, cancellationToken);

    public async ValueTask<FeedEnds> FeedEndsAsync(int partition, CancellationToken cancellationToken) =>
        await partitions[partition].Feed.EndsAsync(cancellationToken);

    public async ValueTask TrimFeedAsync(int partition, long beforePosition, CancellationToken cancellationToken) =>
        await partitions[partition].Feed.TrimAsync(beforePosition, cancellationToken);

    public async ValueTask<IReadOnlyList<FeedConsumerRow>> ReadConsumersAsync(int partition, CancellationToken cancellationToken) =>
        await partitions[partition].Feed.ReadConsumersAsync(cancellationToken);

    public async ValueTask SaveConsumerAsync(int partition, FeedConsumerRow consumer, CancellationToken cancellationToken) =>
        await partitions[partition].Feed.SaveConsumerAsync(consumer, cancellationToken);

    public async ValueTask DeleteConsumerAsync(int partition, string name, CancellationToken cancellationToken) =>
        await partitions[partition].Feed.DeleteConsumerAsync(name, cancellationToken);
}
