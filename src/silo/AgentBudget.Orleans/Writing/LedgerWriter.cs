using System.Security.Cryptography;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Telemetry;
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
    private readonly int maxSessions;
    private long lastAppendId;
    // Of one session's appends the sequence tells which is which; a counter would be one place in memory that all cores fight for.
    private readonly long immediateAppends;
    private int places;

    public LedgerWriter(ILedgerStore store, IOptions<AgentBudgetOptions> options, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerWriter> logger)
    {
        this.store = store;
        immediate = store as IImmediateLedgerStore;
        metrics.Observe(this);
        maxSessions = options.Value.WriterQueueSessions;
        MaxEntriesPerSession = options.Value.WriterQueueEntriesPerSession;
        // Names appends of this writer apart from those of any other, dead or alive.
        immediateAppends = lastAppendId = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        lanes = new WriterLane[store.Partitions];
        for (var i = 0; i < lanes.Length; i++) lanes[i] = new WriterLane(this, store, options.Value.WriterBatchEntries, metrics, time, logger);
    }

    public int MaxEntriesPerSession { get; }

    public int WaitingSessions => Volatile.Read(ref places);

    public TimeSpan Lag => lanes.Max(lane => lane.Lag);

    /// <summary>Whether entries are written from the turn that decided them; then there is no queue.</summary>
    public bool IsImmediate => immediate is not null;

    public void Start()
    {
        foreach (var lane in lanes) lane.Start();
    }

    /// <summary>Writes what is queued and stops. To be called when no activation decides any more.</summary>
    public Task StopAsync() => Task.WhenAll(lanes.Select(lane => lane.StopAsync()));

    /// <summary>Where a session's entries queue.</summary>
    public WriterLane LaneOf(string sessionId) => lanes.Length == 1 ? lanes[0] : lanes[store.PartitionOf(sessionId)];

    /// <summary>Where a session's entries are written at once. To be called only when that is possible.</summary>
    public IImmediateSession ImmediateSession(string sessionId) => immediate!.SessionOf(sessionId);

    /// <summary>The name of an append that is written at once.</summary>
    public long ImmediateAppendId(long sequence) => immediateAppends + sequence;

    /// <summary>The name of the next append that is written from a queue.</summary>
    public long NextAppendId() => Interlocked.Increment(ref lastAppendId);

    public bool TryTakePlace()
    {
        if (Interlocked.Increment(ref places) <= maxSessions) return true;
        Interlocked.Decrement(ref places);
        return false;
    }

    public void LeavePlace() => Interlocked.Decrement(ref places);

    public static BudgetUnavailableException Fenced() => new("The session was written from elsewhere; send the operation again with the same key.");
}
