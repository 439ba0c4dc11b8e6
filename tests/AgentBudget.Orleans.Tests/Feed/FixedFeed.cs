using System.Reflection;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Tests.Feed;

/// <summary>The feed of one partition, with rows at times that a test says.</summary>
internal sealed class FixedFeed(params DateTimeOffset[] times) : ILedgerFeedStore
{
    public List<FeedConsumerRow> Consumers { get; } = [];

    /// <summary>A store that has this feed and nothing else.</summary>
    public ILedgerStore ToStore()
    {
        var store = DispatchProxy.Create<ILedgerStore, OnlyAFeed>();
        ((OnlyAFeed)store).Feed = this;
        return store;
    }

    public ValueTask<IReadOnlyList<FeedRow>> ReadFeedAsync(
        int partition,
        long fromPosition,
        int count,
        EventKinds kinds,
        CancellationToken cancellationToken
    ) =>
        ValueTask.FromResult<IReadOnlyList<FeedRow>>([
            .. times.Select((at, i) => new FeedRow(i + 1, i + 1, at, [])).Skip((int)fromPosition - 1).Take(count),
        ]);

    public ValueTask<FeedEnds> FeedEndsAsync(int partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new FeedEnds(1, times[0], times.Length, times.Length));

    public ValueTask<IReadOnlyList<FeedConsumerRow>> ReadConsumersAsync(int partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<FeedConsumerRow>>(Consumers);

    public ValueTask<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
        int partition,
        IReadOnlyList<FeedRange> ranges,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask TrimFeedAsync(int partition, long beforePosition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask SaveConsumerAsync(int partition, FeedConsumerRow consumer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DeleteConsumerAsync(int partition, string name, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

/// <summary>Of a store, its feed.</summary>
public class OnlyAFeed : DispatchProxy
{
    internal ILedgerFeedStore? Feed { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name switch
        {
            "get_Feed" => Feed,
            "get_Partitions" => 1,
            _ => throw new NotSupportedException(targetMethod.Name),
        };
}
