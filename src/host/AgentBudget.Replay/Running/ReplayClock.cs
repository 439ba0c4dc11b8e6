namespace AgentBudget.Replay.Running;

/// <summary>The ledger's clock in a backtest: it stands where it was last set. Timers stay real. Safe for many threads.</summary>
internal sealed class ReplayClock : TimeProvider
{
    private long utcTicks = Trace.DefaultStart.UtcTicks;

    /// <summary>Sets the clock. It may go back: each run has a time of its own.</summary>
    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref utcTicks, now.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref utcTicks), TimeSpan.Zero);

    /// <summary>No time passes but by <see cref="Set"/>: how long a run takes must not show in what it finds.</summary>
    public override long GetTimestamp() => 0;
}
