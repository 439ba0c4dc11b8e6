using Orleans.Concurrency;

namespace AgentBudget.Orleans.Feed;

/// <summary>The feed for whoever follows it; holds nothing, and so is in each silo as often as it is asked.</summary>
[StatelessWorker, Reentrant, GrainType("agentbudget.event-feed")]
internal sealed class BudgetEventFeedGrain(EventReader reader, FeedConsumers consumers) : Grain, IBudgetEventFeed
{
    private const int MostEvents = 10_000;

    public Task<int> PartitionsAsync() => Task.FromResult(reader.Partitions);

    public Task<EventPage> ReadAsync(EventCursor cursor, int max, EventFilter? filter)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        if (max is < 1 or > MostEvents)
            throw new ArgumentException($"The events asked for are {max}; 1 to {MostEvents:N0} may be.");
        EnsurePartition(cursor.Partition);
        filter?.Validate();
        return reader.ReadAsync(cursor, max, filter, CancellationToken.None);
    }

    public Task<EventCursor> EndAsync(int partition)
    {
        EnsurePartition(partition);
        return reader.EndAsync(partition, CancellationToken.None);
    }

    public Task<IReadOnlyList<EventCursor>> RegisterAsync(string name, bool fromStart) =>
        consumers.RegisterAsync(name, fromStart, CancellationToken.None);

    public Task AcknowledgeAsync(string name, EventCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        EnsurePartition(cursor.Partition);
        return consumers.SaveAsync(name, cursor, mayGoBack: false, CancellationToken.None);
    }

    public Task MoveAsync(string name, EventCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        EnsurePartition(cursor.Partition);
        return consumers.SaveAsync(name, cursor, mayGoBack: true, CancellationToken.None);
    }

    public Task UnregisterAsync(string name) => consumers.UnregisterAsync(name, CancellationToken.None);

    public Task<IReadOnlyList<EventConsumer>> ConsumersAsync() => consumers.ListAsync(CancellationToken.None);

    private void EnsurePartition(int partition)
    {
        if (partition < 0 || partition >= reader.Partitions)
            throw new ArgumentException($"The ledger has no partition {partition}; it has {reader.Partitions}, the first is 0.");
    }
}
