using System.Security.Cryptography;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// How far a queue has been delivered, durably: a consumer of the feed by the queue's name. Who takes the queue over counts its epoch up;
/// what
/// the one before says after that changes nothing.
/// </summary>
internal sealed class QueuePlace(ILedgerStore store, LedgerClock clock, BudgetStreamsOptions options, uint queue)
{
    // Numbers that one owner may give, before those of the second after it.
    private const int BitsOfOwner = 32;
    private const int BitsOfChance = 16;

    private static readonly DateTimeOffset FirstEpoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string name = FormattableString.Invariant($"{FeedConsumers.OfStreams}{queue}-of-{options.Queues}");
    private readonly EventCursor[] delivered = new EventCursor[store.Partitions];
    private readonly bool[] isChanged = new bool[store.Partitions];
    private long epoch;
    private long savedAt;

    /// <summary>
    /// The number before the first that this owner gives. Numbers grow from owner to owner, also where what was written of the one before
    /// is
    /// lost: they begin with the second in which it took over. Two that take over at once differ by chance.
    /// </summary>
    public long FirstNumber => (epoch << BitsOfOwner) + ((long)RandomNumberGenerator.GetInt32(1 << BitsOfChance) << BitsOfChance);

    /// <summary>Takes the queue over.</summary>
    /// <returns>From where to read on, one cursor a partition.</returns>
    public async Task<EventCursor[]> TakeAsync(CancellationToken cancellationToken)
    {
        var known = new IReadOnlyList<FeedConsumerRow>[delivered.Length];
        for (var i = 0; i < delivered.Length; i++)
            known[i] = await store.Feed.ReadConsumersAsync(i, cancellationToken);
        var before = known.SelectMany(rows => rows).Where(row => row.Name == name).Select(row => row.Epoch).DefaultIfEmpty().Max();
        epoch = Math.Max(before + 1, (long)(clock.Time.GetUtcNow() - FirstEpoch).TotalSeconds);
        for (var i = 0; i < delivered.Length; i++)
        {
            delivered[i] = BeginOf(known[i]) is { } row ? EventCursor.Parse(row.Place) : EventCursor.Start(i);
            await SaveAsync(i, cancellationToken);
        }

        return [.. delivered];
    }

    /// <summary>Everything up to a cursor has been delivered.</summary>
    public void Delivered(EventCursor cursor) => (delivered[cursor.Partition], isChanged[cursor.Partition]) = (cursor, true);

    /// <summary>Writes down what has changed, if it is time to.</summary>
    public async Task SaveAsync(bool isEnd, CancellationToken cancellationToken)
    {
        if (!isEnd && clock.Time.GetElapsedTime(savedAt) < options.SaveInterval)
            return;
        savedAt = clock.Time.GetTimestamp();
        for (var i = 0; i < delivered.Length; i++)
        {
            if (isChanged[i])
                await SaveAsync(i, cancellationToken);
        }
    }

    // A queue that is new begins where the one of another count of queues that is farthest behind is; without one, with the oldest events.
    private FeedConsumerRow? BeginOf(IReadOnlyList<FeedConsumerRow> known) =>
        known.FirstOrDefault(row => row.Name == name)
        ?? known.Where(row => row.Name.StartsWith(FeedConsumers.OfStreams, StringComparison.Ordinal)).MinBy(row => row.Position);

    private async Task SaveAsync(int partition, CancellationToken cancellationToken)
    {
        var cursor = delivered[partition];
        var row = new FeedConsumerRow(name, cursor.ToString(), cursor.Position, clock.Time.GetUtcNow(), epoch);
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
