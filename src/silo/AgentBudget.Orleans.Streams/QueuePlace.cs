using System.Security.Cryptography;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Streams;

/// <summary>What a queue takes up in a partition.</summary>
/// <param name="Cursor">From where it reads on.</param>
/// <param name="Waiting">Its streams that go by themselves, and from where each of them does.</param>
internal sealed record QueueBegin(EventCursor Cursor, IReadOnlyDictionary<StreamId, EventCursor> Waiting);

/// <summary>
/// How far a queue has been delivered, durably: a consumer of the feed by the queue's name. Streams that go by themselves have a row each
/// beside it, and one consumer for all of them, for which the feed is kept. Each partition is read and written by itself.
/// </summary>
internal sealed class QueuePlace(ILedgerStore store, LedgerClock clock, BudgetStreamsOptions options, uint queue)
{
    /// <summary>The most streams of one queue that go by themselves.</summary>
    public const int MaxWaiting = 16;

    // Numbers that one owner may give, before those of the second after it.
    private const int BitsOfOwner = 32;
    private const int BitsOfChance = 16;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(10);

    private readonly string name = QueueNames.Of(queue, options.Queues);
    private readonly ConsumerPlace place = new(store, clock, QueueNames.Of(queue, options.Queues), options.SaveInterval);
    private readonly Dictionary<string, string>[] stored =
    [
        .. Enumerable.Range(0, store.Partitions).Select(_ => new Dictionary<string, string>()),
    ];
    private readonly EventCursor?[] said = new EventCursor?[store.Partitions];
    private readonly long[] lookedAt = new long[store.Partitions];

    /// <summary>
    /// The number before the first that this owner gives. Numbers grow from owner to owner, also where what was written of the one before
    /// is lost: they begin with the second in which it took over. Two that take over at once differ by chance.
    /// </summary>
    public long FirstNumber => (place.Epoch << BitsOfOwner) + ((long)RandomNumberGenerator.GetInt32(1 << BitsOfChance) << BitsOfChance);

    private string Waiting => QueueNames.WaitingOf(name);

    /// <summary>The consumers that are known in a partition.</summary>
    public ValueTask<IReadOnlyList<FeedConsumerRow>> KnownAsync(int partition, CancellationToken cancellationToken) =>
        store.Feed.ReadConsumersAsync(partition, cancellationToken);

    /// <summary>Begins as the owner after those that are known.</summary>
    public void Begin(IEnumerable<FeedConsumerRow> known) => place.Begin(known);

    /// <summary>Takes the queue over in a partition.</summary>
    public async Task<QueueBegin> TakeAsync(int partition, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(partition, cancellationToken);
        var rows = await store.Deliveries.ReadAsync(partition, Waiting, null, 4 * MaxWaiting, cancellationToken);
        var cursor = await place.TakeAsync(partition, BeginOf(known), cancellationToken);
        said[partition] = cursor;
        stored[partition] = rows.ToDictionary(row => row.Name, row => row.Detail);
        return new QueueBegin(cursor, rows.ToDictionary(row => StreamOf(row.Name), row => EventCursor.Parse(row.Detail)));
    }

    /// <summary>Whether it is time to write down what has changed; then it is not for another while.</summary>
    public bool TakeDue() => place.TakeDue();

    /// <summary>Writes down how far a partition is done with: first the streams that go by themselves, for the queue's own place goes past
    /// what they have not taken.</summary>
    public async Task SaveAsync(
        int partition,
        EventCursor done,
        IReadOnlyDictionary<StreamId, EventCursor> waiting,
        CancellationToken cancellationToken
    )
    {
        await SaveWaitingAsync(partition, waiting, cancellationToken);
        if (!ReferenceEquals(said[partition], done))
        {
            place.Delivered(done);
            said[partition] = done;
        }

        await place.SaveChangedAsync(partition, cancellationToken);
        await DropWaitingAsync(partition, waiting, cancellationToken);
        if (queue == 0)
            await DropOtherCountsAsync(partition, cancellationToken);
    }

    private static string NameOf(StreamId stream) => $"{stream.GetNamespace()}/{stream.GetKeyAsString()}";

    private static StreamId StreamOf(string row)
    {
        var at = row.IndexOf('/', StringComparison.Ordinal);
        return StreamId.Create(row[..at], row[(at + 1)..]);
    }

    private async Task SaveWaitingAsync(
        int partition,
        IReadOnlyDictionary<StreamId, EventCursor> waiting,
        CancellationToken cancellationToken
    )
    {
        DeliveryRow[] changed =
        [
            .. waiting
                .Select(pair => new DeliveryRow(Waiting, NameOf(pair.Key), pair.Value.ToString()))
                .Where(row => stored[partition].GetValueOrDefault(row.Name) != row.Detail),
        ];
        if (changed.Length == 0)
            return;
        await store.Deliveries.WriteAsync(partition, changed, [], cancellationToken);
        await KeepFeedForAsync(partition, waiting.Values, cancellationToken);
        foreach (var row in changed)
            stored[partition][row.Name] = row.Detail;
    }

    private async Task DropWaitingAsync(
        int partition,
        IReadOnlyDictionary<StreamId, EventCursor> waiting,
        CancellationToken cancellationToken
    )
    {
        string[] gone = [.. stored[partition].Keys.Except(waiting.Keys.Select(NameOf))];
        if (gone.Length == 0)
            return;
        // Who has taken the queue over since may have read them, and counts on them.
        if (!(await KnownAsync(partition, cancellationToken)).Any(row => row.Name == name && row.Epoch == place.Epoch))
            return;
        await store.Deliveries.WriteAsync(partition, [], [.. gone.Select(row => new DeliveryKey(Waiting, row))], cancellationToken);
        foreach (var row in gone)
            stored[partition].Remove(row);
        if (waiting.Count == 0)
            await store.Feed.DeleteConsumerAsync(partition, Waiting, cancellationToken);
        else
            await KeepFeedForAsync(partition, waiting.Values, cancellationToken);
    }

    private async Task KeepFeedForAsync(int partition, IEnumerable<EventCursor> waiting, CancellationToken cancellationToken)
    {
        var least = waiting.MinBy(cursor => cursor.Position)!;
        var consumer = new FeedConsumerRow(Waiting, least.ToString(), least.Position, clock.Time.GetUtcNow(), place.Epoch);
        await store.Feed.SaveConsumerAsync(partition, consumer, cancellationToken);
    }

    // A queue that is new begins where the one of another count of queues that is farthest behind is; without one, with the oldest events.
    private FeedConsumerRow? BeginOf(IReadOnlyList<FeedConsumerRow> known) =>
        known.FirstOrDefault(row => row.Name == name) ?? known.Where(IsOfAnotherCount).MinBy(row => row.Position);

    private bool IsOfAnotherCount(FeedConsumerRow row) => QueueNames.CountOf(row.Name) is { } count && count != options.Queues;

    // Once all queues of this count are past them, nobody begins with them any more. A silo that still has the other count writes its own
    // anew.
    private async Task DropOtherCountsAsync(int partition, CancellationToken cancellationToken)
    {
        if (lookedAt[partition] != 0 && clock.Time.GetElapsedTime(lookedAt[partition]) < BetweenLooks)
            return;
        var known = await KnownAsync(partition, cancellationToken);
        lookedAt[partition] = clock.Time.GetTimestamp();
        FeedConsumerRow[] others = [.. known.Where(IsOfAnotherCount)];
        FeedConsumerRow[] ours =
        [
            .. known.Where(row => QueueNames.CountOf(row.Name) == options.Queues && !QueueNames.IsOfWaiting(row.Name)),
        ];
        if (others.Length == 0 || ours.Length < options.Queues || ours.Min(row => row.Position) < others.Max(row => row.Position))
            return;
        foreach (var row in others)
        {
            if (QueueNames.IsOfWaiting(row.Name))
                await store.Deliveries.DeleteAsync(partition, row.Name, cancellationToken);
            await store.Feed.DeleteConsumerAsync(partition, row.Name, cancellationToken);
        }
    }
}
