using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// How far a queue has been delivered, durably: a consumer of the feed by the queue's name. Who takes the queue over counts its epoch up;
/// what
/// the one before says after that changes nothing.
/// </summary>
internal sealed class QueuePlace(ILedgerStore store, LedgerClock clock, TimeSpan saveInterval, string name)
{
    private readonly EventCursor[] delivered = new EventCursor[store.Partitions];
    private readonly bool[] isChanged = new bool[store.Partitions];
    private long savedAt;

    /// <summary>Which owner this is: from 1 on.</summary>
    public long Epoch { get; private set; }

    /// <summary>Takes the queue over.</summary>
    /// <returns>From where to read on, one cursor a partition.</returns>
    public async Task<EventCursor[]> TakeAsync(CancellationToken cancellationToken)
    {
        var rows = new FeedConsumerRow?[delivered.Length];
        for (var i = 0; i < delivered.Length; i++)
            rows[i] = (await store.Feed.ReadConsumersAsync(i, cancellationToken)).FirstOrDefault(row => row.Name == name);
        Epoch = rows.Max(row => row?.Epoch ?? 0) + 1;
        for (var i = 0; i < delivered.Length; i++)
        {
            // A new queue begins with the oldest events that there are.
            delivered[i] = rows[i] is { } row ? EventCursor.Parse(row.Place) : EventCursor.Start(i);
            await SaveAsync(i, cancellationToken);
        }

        return [.. delivered];
    }

    /// <summary>Everything up to a cursor has been delivered.</summary>
    public void Delivered(EventCursor cursor) => (delivered[cursor.Partition], isChanged[cursor.Partition]) = (cursor, true);

    /// <summary>Writes down what has changed, if it is time to.</summary>
    public async Task SaveAsync(bool isEnd, CancellationToken cancellationToken)
    {
        if (!isEnd && clock.Time.GetElapsedTime(savedAt) < saveInterval)
            return;
        savedAt = clock.Time.GetTimestamp();
        for (var i = 0; i < delivered.Length; i++)
        {
            if (isChanged[i])
                await SaveAsync(i, cancellationToken);
        }
    }

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
