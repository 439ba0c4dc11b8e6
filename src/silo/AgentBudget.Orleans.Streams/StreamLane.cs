namespace AgentBudget.Orleans.Streams;

/// <summary>An event on its way to a stream's consumers.</summary>
/// <param name="batch">It, as Orleans has it.</param>
/// <param name="page">The page of the feed that is not done with before it is.</param>
/// <param name="readAt">When it was read.</param>
internal sealed class LaneItem(EventBatch batch, FeedPage page, DateTimeOffset readAt)
{
    public EventBatch Batch => batch;

    public long Number => batch.SequenceToken.SequenceNumber;

    public string Ledger => batch.Event.Origin.Ledger;

    public FeedPage Page { get; set; } = page;

    public DateTimeOffset ReadAt => readAt;

    /// <summary>Given up, and not yet kept as a dead letter.</summary>
    public bool IsDead { get; set; }
}

/// <summary>
/// The events of one stream that are in memory, in their order, and its consumers' cursors in them. An event goes when all consumers are
/// past it. A stream that does not keep up with its queue goes by itself from then on: it has its own progress, and its queue reads, and
/// writes down, as if it were not there.
/// </summary>
/// <param name="stream">The stream.</param>
internal sealed class StreamLane(StreamId stream)
{
    private readonly Queue<LaneItem> items = [];
    private readonly Queue<LaneItem> dead = [];
    private readonly List<LaneCursor> cursors = [];

    public StreamId Stream => stream;

    /// <summary>Events that are not done with.</summary>
    public int Count => items.Count;

    /// <summary>How far it is by itself; null while it goes with its queue.</summary>
    public FeedProgress? Own { get; private set; }

    public bool HasConsumers => cursors.Count > 0;

    /// <summary>Whether Orleans has forgotten a consumer that was not at the end.</summary>
    public bool HasLostAConsumer { get; private set; }

    /// <summary>The oldest event.</summary>
    public LaneItem? Oldest => items.TryPeek(out var item) ? item : null;

    /// <summary>The oldest of those that were given up and are not kept yet.</summary>
    public LaneItem? Dead => dead.TryPeek(out var item) ? item : null;

    /// <summary>Whether nothing is known of it that would be missed.</summary>
    public bool IsIdle => items.Count == 0 && Own is null && cursors.Count == 0;

    public void Add(LaneItem item) => items.Enqueue(item);

    /// <summary>The first event behind a number.</summary>
    public LaneItem? After(long number) => items.FirstOrDefault(item => item.Number > number);

    /// <summary>One of the events behind another, each time another one, and the first of its ledger; null where there is none.</summary>
    /// <param name="item">The event.</param>
    /// <param name="time">How often one was asked for before.</param>
    /// <param name="mayBeAny">Whether any will do, also one of the same ledger.</param>
    public LaneItem? Witness(LaneItem item, int time, bool mayBeAny)
    {
        LaneItem[] later = [.. items.Where(one => one.Number > item.Number && !one.IsDead)];
        LaneItem[] others = [.. later.Where(one => one.Ledger != item.Ledger).DistinctBy(one => one.Ledger)];
        var from = mayBeAny ? later : others;
        return from.Length == 0 ? null : from[time % from.Length];
    }

    public void Attach(LaneCursor cursor)
    {
        cursors.Add(cursor);
        HasLostAConsumer = false;
    }

    public void ForgetThoseThatAreOver()
    {
        HasLostAConsumer |= items.Count > 0 && cursors.Exists(cursor => cursor is { IsOver: true, IsAConsumers: true });
        cursors.RemoveAll(cursor => cursor.IsOver);
    }

    /// <summary>Gives an event up: it goes when it is kept as a dead letter.</summary>
    public void Bury(LaneItem item)
    {
        if (item.IsDead)
            return;
        item.IsDead = true;
        dead.Enqueue(item);
    }

    /// <summary>The oldest of the dead is kept.</summary>
    public void WasBuried()
    {
        dead.Dequeue().IsDead = false;
        LetGo();
    }

    /// <summary>Lets go of what all consumers are past.</summary>
    public void LetGo()
    {
        while (cursors.Count > 0 && items.TryPeek(out var first) && !first.IsDead && IsPassed(first))
        {
            items.Dequeue();
            first.Page.Left--;
        }
    }

    /// <summary>Nobody follows the stream: lets go of all of it.</summary>
    public void LetAllGo()
    {
        foreach (var item in items)
            item.Page.Left--;
        items.Clear();
        dead.Clear();
    }

    /// <summary>What Orleans has to be handed to go on: the oldest event, when a consumer's rest is over or one was lost.</summary>
    public EventBatch? TakeReminder(DateTimeOffset now)
    {
        var isDue = HasLostAConsumer;
        foreach (var cursor in cursors)
            isDue |= cursor.EndRest(now);
        HasLostAConsumer = false;
        return isDue ? Oldest?.Batch : null;
    }

    /// <summary>From now on the stream goes by itself: what its queue has read of it, and is not done with, is its own.</summary>
    /// <param name="queue">How far its queue is.</param>
    /// <param name="partitions">How many there are.</param>
    /// <returns>How far it is.</returns>
    public FeedProgress GoByItself(FeedProgress queue, int partitions)
    {
        Own = new FeedProgress(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            if (queue.Read(partition) is { } cursor)
                Own.Begin(cursor);
        }

        foreach (var group in items.GroupBy(item => item.Page).ToArray())
        {
            var part = new FeedPage(group.Key.Before, group.Key.From, group.Key.Through, group.Count());
            Own.AddOpen(part);
            group.Key.Left -= part.Count;
            foreach (var item in group)
                item.Page = part;
        }

        return Own;
    }

    /// <summary>It goes with its queue again.</summary>
    public void Rejoin() => Own = null;

    private bool IsPassed(LaneItem item) => cursors.TrueForAll(cursor => cursor.Passed >= item.Number);
}
