using System.Collections.Concurrent;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>Orleans' way to the feed. All of its contract for stream providers that we meet is in this folder.</summary>
internal sealed class FeedQueueAdapterFactory(
    ILedgerStore store,
    EventReader reader,
    LedgerClock clock,
    BudgetStreamsOptions options,
    BudgetStreamDeadLetters deadLetters,
    LedgerMetrics metrics,
    ILoggerFactory loggers
) : IQueueAdapterFactory, IQueueAdapter
{
    private readonly HashRingBasedStreamQueueMapper mapper = new(
        new HashRingStreamQueueMapperOptions { TotalQueueCount = options.Queues },
        "agentbudget"
    );

    private readonly LanesOfQueues lanes = new(clock.Time);
    private readonly QuietLogger log = new(loggers.CreateLogger<FeedQueueReceiver>());

    public string Name => BudgetStreams.Provider;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => lanes;

    public IStreamQueueMapper GetStreamQueueMapper() => mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new QueueFailures(log));

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var mine = lanes.Of(queueId);
        var place = new QueuePlace(store, clock, options, queueId.GetNumericId());
        var feed = new FeedOfQueue(reader, new StreamsOfQueue(mapper, queueId), mine, place, options, metrics, clock, log);
        return new FeedQueueReceiver(feed, mine, new DeadLetterKeeping(deadLetters, metrics, log), options, metrics, clock, log);
    }

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId,
        IEnumerable<T> events,
        StreamSequenceToken? token,
        Dictionary<string, object>? requestContext
    ) => throw new NotSupportedException("Events come from the ledger; nobody else can put any into its streams.");

    // Orleans asks for a queue's cache, and then for its receiver, each time that the queue comes to this silo.
    private sealed class LanesOfQueues(TimeProvider time) : IQueueAdapterCache
    {
        private readonly ConcurrentDictionary<QueueId, QueueLanes> lanes = [];

        public IQueueCache CreateQueueCache(QueueId queueId) => lanes[queueId] = new QueueLanes(time);

        public QueueLanes Of(QueueId queueId) => lanes[queueId];
    }
}
