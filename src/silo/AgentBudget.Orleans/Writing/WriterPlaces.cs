using System.Security.Cryptography;

namespace AgentBudget.Orleans.Writing;

/// <summary>What the appends of a silo share: how many sessions and entries may wait at once, locks, and names.</summary>
internal sealed class WriterPlaces
{
    private readonly int maxSessions;
    private readonly Lock[] gates = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(_ => new Lock())];

    // Names appends of this silo apart from those of any other, dead or alive.
    private readonly long immediateAppends;
    private long lastAppendId;
    private int taken;
    private int lastGate;

    public WriterPlaces(int maxSessions, int maxEntriesPerSession)
    {
        this.maxSessions = maxSessions;
        MaxEntriesPerSession = maxEntriesPerSession;
        immediateAppends = lastAppendId = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    }

    /// <summary>The most entries of one session that may wait.</summary>
    public int MaxEntriesPerSession { get; }

    /// <summary>Sessions that wait.</summary>
    public int Taken => Volatile.Read(ref taken);

    /// <summary>The number of the lock of one more session; sessions share them in turn.</summary>
    public byte NextGate() => (byte)Interlocked.Increment(ref lastGate);

    public Lock GateAt(byte number) => gates[number];

    public bool TryTake()
    {
        if (Interlocked.Increment(ref taken) <= maxSessions)
            return true;
        Interlocked.Decrement(ref taken);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref taken);

    /// <summary>
    /// The name of an append that is written at once. Of one session's appends the sequence tells which is which; a counter would be one
    /// place in memory that all cores fight for.
    /// </summary>
    public long ImmediateAppendId(long sequence) => immediateAppends + sequence;

    /// <summary>The name of the next append that is written from a queue.</summary>
    public long NextAppendId() => Interlocked.Increment(ref lastAppendId);
}
