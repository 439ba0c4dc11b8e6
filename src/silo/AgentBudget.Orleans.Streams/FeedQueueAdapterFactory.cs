using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
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

    private readonly SimpleQueueAdapterCache cache = new(
        new SimpleQueueCacheOptions { CacheSize = options.CacheSize },
        BudgetStreams.Provider,
        loggers
    );

    private readonly Dictionary<QueueId, QueueFailures> failures = [];
    private readonly Lock gate = new();

    public string Name => BudgetStreams.Provider;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => cache;

    public IStreamQueueMapper GetStreamQueueMapper() => mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(FailuresOf(queueId));

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var place = new QueuePlace(store, clock, options, queueId.GetNumericId());
        var log = new QuietLogger(loggers.CreateLogger<FeedQueueReceiver>());
        var receiver = new FeedQueueReceiver(reader, new StreamsOfQueue(mapper, queueId), place, deadLetters, metrics, clock, log);
        FailuresOf(queueId).Receiver = receiver;
        return receiver;
    }

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId,
        IEnumerable<T> events,
        StreamSequenceToken? token,
        Dictionary<string, object>? requestContext
    ) => throw new NotSupportedException("Events come from the ledger; nobody else can put any into its streams.");

    private QueueFailures FailuresOf(QueueId queueId)
    {
        lock (gate)
        {
            if (!failures.TryGetValue(queueId, out var known))
                failures[queueId] = known = new QueueFailures();
            return known;
        }
    }
}
