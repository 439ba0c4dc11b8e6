using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite.Feed;

/// <summary>The feed of an embedded ledger: one partition, a row for each batch that has events. It is written with the batch into the
/// journal, and stands in the table a little later.</summary>
internal sealed class SqliteFeed(SqliteReaders readers, WritingSide side) : ILedgerFeedStore
{
    public ValueTask<IReadOnlyList<FeedRow>> ReadFeedAsync(
        int partition,
        long fromPosition,
        int count,
        EventKinds kinds,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(reader => reader.ReadFeed(fromPosition, count, kinds), cancellationToken);

    public ValueTask<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
        int partition,
        IReadOnlyList<FeedRange> ranges,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(reader => reader.ReadRanges(ranges), cancellationToken);

    public ValueTask<FeedEnds> FeedEndsAsync(int partition, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.FeedEnds(), cancellationToken);

    public async ValueTask TrimFeedAsync(int partition, long beforePosition, CancellationToken cancellationToken)
    {
        const int piece = 1_000;
        var worker = side.Get();
        // What waits has to go, too, and must not come back from the journal.
        await worker.RunAsync(_ =>
        {
            worker.ProjectFeed();
            return true;
        });
        // Piece by piece, so that batches go in between.
        while (
            await worker.RunAsync(writing =>
                SqlitePurge.Execute(
                    writing,
                    "DELETE FROM feed WHERE position IN (SELECT position FROM feed WHERE position < "
                        + "min($before, (SELECT max(position) FROM feed)) ORDER BY position LIMIT $piece)",
                    ("$before", beforePosition),
                    ("$piece", piece)
                )
            ) == piece
        )
            cancellationToken.ThrowIfCancellationRequested();
    }

    public ValueTask<IReadOnlyList<FeedConsumerRow>> ReadConsumersAsync(int partition, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.ReadConsumers(), cancellationToken);

    public async ValueTask SaveConsumerAsync(int partition, FeedConsumerRow consumer, CancellationToken cancellationToken) =>
        await side.Get()
            .RunAsync(writing =>
            {
                using var find = new Statement(writing, "SELECT epoch FROM feed_consumer WHERE name = ?");
                if (find.Bind(consumer.Name).First() > consumer.Epoch)
                    return 0;
                using var put = new Statement(writing, "INSERT OR REPLACE INTO feed_consumer VALUES (?, ?, ?, ?, ?, ?)");
                return put.Bind(consumer.Name)
                    .Bind(consumer.Place)
                    .Bind(consumer.Position)
                    .Bind(consumer.SavedAt)
                    .Bind(consumer.Epoch)
                    .BindChecksum()
                    .Run();
            });

    public async ValueTask DeleteConsumerAsync(int partition, string name, CancellationToken cancellationToken) =>
        await side.Get().RunAsync(writing => SqlitePurge.Execute(writing, "DELETE FROM feed_consumer WHERE name = $name", ("$name", name)));
}
