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
        return ToldAsync(() => reader.ReadAsync(cursor, max, filter, CancellationToken.None));
    }

    public Task<EventCursor> EndAsync(int partition)
    {
        EnsurePartition(partition);
        return ToldAsync(() => reader.EndAsync(partition, CancellationToken.None));
    }

    public Task<IReadOnlyList<EventCursor>> RegisterAsync(string name, bool fromStart) =>
        ToldAsync(() => consumers.RegisterAsync(name, fromStart, CancellationToken.None));

    public Task AcknowledgeAsync(string name, EventCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        EnsurePartition(cursor.Partition);
        return ToldAsync(() => consumers.SaveAsync(name, cursor, mayGoBack: false, CancellationToken.None));
    }

    public Task MoveAsync(string name, EventCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        EnsurePartition(cursor.Partition);
        return ToldAsync(() => consumers.SaveAsync(name, cursor, mayGoBack: true, CancellationToken.None));
    }

    public Task UnregisterAsync(string name) => ToldAsync(() => consumers.UnregisterAsync(name, CancellationToken.None));

    public Task<IReadOnlyList<EventConsumer>> ConsumersAsync() => ToldAsync(() => consumers.ListAsync(CancellationToken.None));

    // A store's exception cannot be sent to another process: the connection fails with it, and all that travels there.
    private static async Task<T> ToldAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (LedgerStoreUnavailableException exception)
        {
            throw new BudgetUnavailableException($"The feed could not be read: {exception.Message}");
        }
    }

    private static Task<bool> ToldAsync(Func<Task> ask) =>
        ToldAsync(async () =>
        {
            await ask();
            return true;
        });

    private void EnsurePartition(int partition)
    {
        if (partition < 0 || partition >= reader.Partitions)
            throw new ArgumentException($"The ledger has no partition {partition}; it has {reader.Partitions}, the first is 0.");
    }
}
