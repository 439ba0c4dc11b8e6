using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Feed;

/// <summary>
/// How far a consumer of the feed has come, durably, that one owner at a time keeps. Who takes it over counts its epoch up; what the one
/// before says after that changes nothing.
/// </summary>
internal sealed class ConsumerPlace(ILedgerStore store, LedgerClock clock, string name, TimeSpan saveInterval)
{
    private static readonly DateTimeOffset FirstEpoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EventCursor[] delivered = new EventCursor[store.Partitions];
    private readonly bool[] isChanged = new bool[store.Partitions];
    private long savedAt;

    /// <summary>The epoch of this owner.</summary>
    public long Epoch { get; private set; }

    /// <summary>Takes the consumer over.</summary>
    /// <param name="beginOf">Where it begins in a partition, by the consumers that are there; null for the oldest events.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>From where to read on, one cursor a partition.</returns>
    public async Task<EventCursor[]> TakeAsync(
        Func<IReadOnlyList<FeedConsumerRow>, FeedConsumerRow?> beginOf,
        CancellationToken cancellationToken
    )
    {
        var known = new IReadOnlyList<FeedConsumerRow>[delivered.Length];
        for (var i = 0; i < delivered.Length; i++)
            known[i] = await store.Feed.ReadConsumersAsync(i, cancellationToken);
        Begin(known.SelectMany(rows => rows));
        for (var i = 0; i < delivered.Length; i++)
            await TakeAsync(i, beginOf(known[i]), cancellationToken);
        return [.. delivered];
    }

    /// <summary>Begins an epoch behind those that are known.</summary>
    /// <param name="known">Consumers of those partitions that are there.</param>
    public void Begin(IEnumerable<FeedConsumerRow> known)
    {
        var before = known.Where(row => row.Name == name).Select(row => row.Epoch).DefaultIfEmpty().Max();
        Epoch = Math.Max(before + 1, (long)(clock.Time.GetUtcNow() - FirstEpoch).TotalSeconds);
    }

    /// <summary>Takes the consumer over in one partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="begin">Where it begins; null for the oldest events.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>From where to read on.</returns>
    public async Task<EventCursor> TakeAsync(int partition, FeedConsumerRow? begin, CancellationToken cancellationToken)
    {
        var cursor = delivered[partition] = begin is null
            ? EventReader.BeforeOldest(partition, await store.Feed.FeedEndsAsync(partition, cancellationToken))
            : EventCursor.Parse(begin.Place);
        await SaveAsync(partition, cancellationToken);
        return cursor;
    }

    /// <summary>Everything up to a cursor has been delivered.</summary>
    public void Delivered(EventCursor cursor) => (delivered[cursor.Partition], isChanged[cursor.Partition]) = (cursor, true);

    /// <summary>Writes down what has changed, if it is time to.</summary>
    public async Task SaveAsync(bool isEnd, CancellationToken cancellationToken)
    {
        if (!isEnd && !TakeDue())
            return;
        for (var i = 0; i < delivered.Length; i++)
            await SaveChangedAsync(i, cancellationToken);
    }

    /// <summary>Whether it is time to write down what has changed; then it is not for another while.</summary>
    public bool TakeDue()
    {
        if (clock.Time.GetElapsedTime(savedAt) < saveInterval)
            return false;
        savedAt = clock.Time.GetTimestamp();
        return true;
    }

    /// <summary>Writes down what has changed in one partition.</summary>
    public Task SaveChangedAsync(int partition, CancellationToken cancellationToken) =>
        isChanged[partition] ? SaveAsync(partition, cancellationToken) : Task.CompletedTask;

    private async Task SaveAsync(int partition, CancellationToken cancellationToken)
    {
        var cursor = delivered[partition];
        var row = new FeedConsumerRow(name, cursor.ToString(), cursor.Position, clock.Time.GetUtcNow(), Epoch);
        // What changes while this is on its way is another change.
        isChanged[partition] = false;
        try
        {
            await store.Feed.SaveConsumerAsync(partition, row, cancellationToken);
        }
        catch
        {
            isChanged[partition] = true;
            throw;
        }
    }
}
