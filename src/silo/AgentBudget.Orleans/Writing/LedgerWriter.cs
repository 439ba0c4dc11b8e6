using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// The one writer of a silo: it makes durable what many sessions decided, in a lane of its own for each partition of the store, so that
/// a partition that is slow or away holds up no session of another.
/// </summary>
internal sealed class LedgerWriter : ILedgerWriterStatus
{
    private readonly ILedgerStore store;
    private readonly IImmediateLedgerStore? immediate;
    private readonly WriterLane[] lanes;
    private readonly WriterPlaces places;

    public LedgerWriter(
        ILedgerStore store,
        IOptions<AgentBudgetOptions> options,
        LedgerMetrics metrics,
        TimeProvider time,
        ILogger<LedgerWriter> logger
    )
    {
        if (store.Partitions < 1 || store.BatchesAtOnce < 1)
            throw new InvalidOperationException(
                $"{store.GetType().Name} has {store.Partitions} partitions and takes {store.BatchesAtOnce} batches at once; "
                    + "make both at least 1."
            );
        this.store = store;
        var log = new QuietLogger(logger);
        immediate = store as IImmediateLedgerStore;
        places = new WriterPlaces(options.Value.WriterQueueSessions, options.Value.WriterQueueEntriesPerSession);
        lanes = new WriterLane[store.Partitions];
        for (var i = 0; i < lanes.Length; i++)
            lanes[i] = new WriterLane(places, store, options.Value.WriterBatchEntries, metrics, time, log);
    }

    public int WaitingSessions => places.Taken;

    public TimeSpan Lag => lanes.Max(lane => lane.Lag);

    public void Start()
    {
        foreach (var lane in lanes)
            lane.Start();
    }

    /// <summary>Writes what is queued and stops. To be called when no activation decides any more.</summary>
    public Task StopAsync() => Task.WhenAll(lanes.Select(lane => lane.StopAsync()));

    /// <summary>Where a session's entries queue.</summary>
    public WriterLane LaneOf(string sessionId) => lanes.Length == 1 ? lanes[0] : lanes[store.PartitionOf(sessionId)];

    /// <summary>The way of a session's entries to the store.</summary>
    /// <param name="durableSequence">Its last entry in the store.</param>
    /// <param name="durableEvent">The last of those in the store that has events.</param>
    /// <param name="storedDueAt">The due time in the store.</param>
    public SessionWrites WritesOf(long durableSequence, long durableEvent, DateTimeOffset storedDueAt) =>
        new(places, immediate, durableSequence, durableEvent, storedDueAt);

    public static BudgetUnavailableException Fenced() =>
        new("The session was written from elsewhere; send the operation again with the same key.");

    /// <summary>What callers are told whose entries may not be durable. The cause is in the log. It is not handed on: exceptions of
    /// stores do not travel to other processes.</summary>
    public static BudgetUnavailableException NotWritten(Exception cause) =>
        new(
            $"The ledger could not be written: {cause.Message} Whether the operation was recorded is unknown; send it again with the "
                + "same key."
        );
}
