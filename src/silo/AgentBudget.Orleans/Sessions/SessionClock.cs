namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The time of a session in memory: that of the silo's clock, but it never stands still. Where that clock is set back, the session's time
/// goes on at the pace of the process's steady clock; otherwise what was reserved before would be kept for as long as the clock went back.
/// A value of three numbers, because every idle session keeps one.
/// </summary>
/// <param name="time">The silo's clock and its steady clock.</param>
/// <param name="lastEntryAt">The session's time when it was loaded, if the silo's clock is behind it.</param>
internal struct SessionClock(TimeProvider time, DateTimeOffset lastEntryAt)
{
    // Less may be the two clocks' resolution; a store's due times must not change with it.
    private const long LeastAheadTicks = TimeSpan.TicksPerSecond;

    private long readAt = time.GetTimestamp();
    private long lastTicks = Math.Max(time.GetUtcNow().UtcTicks, lastEntryAt.UtcTicks);
    private long aheadTicks;

    /// <summary>The time when it was last asked for.</summary>
    public readonly DateTimeOffset Last => new(lastTicks, TimeSpan.Zero);

    /// <summary>How far that was before the silo's clock; zero unless that was set back.</summary>
    public readonly TimeSpan Ahead => new(aheadTicks);

    /// <summary>The session's time now, by the clocks that it was made with.</summary>
    public DateTimeOffset Now(TimeProvider time)
    {
        var timestamp = time.GetTimestamp();
        var clockTicks = time.GetUtcNow().UtcTicks;
        lastTicks = Math.Max(clockTicks, lastTicks + time.GetElapsedTime(readAt, timestamp).Ticks);
        readAt = timestamp;
        aheadTicks = lastTicks - clockTicks is var ahead && ahead >= LeastAheadTicks ? ahead : 0;
        return Last;
    }

    /// <summary>When the silo's clock, as it goes now, will show a time of the session.</summary>
    public readonly DateTimeOffset OnSilosClock(DateTimeOffset at) => aheadTicks == 0 || at == DateTimeOffset.MaxValue ? at : at - Ahead;
}
