namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The time of a session in memory: that of the silo's clock, but it never stands still. Where that clock is set back, the session's time
/// goes on at the pace of the process's steady clock; otherwise what was reserved before would be kept for as long as the clock went back.
/// </summary>
/// <param name="time">The silo's clock and its steady clock.</param>
/// <param name="lastEntryAt">The session's time when it was loaded, if the silo's clock is behind it.</param>
internal sealed class SessionClock(TimeProvider time, DateTimeOffset lastEntryAt)
{
    // Less may be the two clocks' resolution; a store's due times must not change with it.
    private static readonly TimeSpan LeastAhead = TimeSpan.FromSeconds(1);

    private long readAt = time.GetTimestamp();

    /// <summary>The time when it was last asked for.</summary>
    public DateTimeOffset Last { get; private set; } = Later(time.GetUtcNow(), lastEntryAt);

    /// <summary>How far that was before the silo's clock; zero unless that was set back.</summary>
    public TimeSpan Ahead { get; private set; }

    /// <summary>The session's time now.</summary>
    public DateTimeOffset Now()
    {
        var timestamp = time.GetTimestamp();
        var clock = time.GetUtcNow();
        Last = Later(clock, Last + time.GetElapsedTime(readAt, timestamp));
        readAt = timestamp;
        Ahead = Last - clock is var ahead && ahead >= LeastAhead ? ahead : TimeSpan.Zero;
        return Last;
    }

    /// <summary>When the silo's clock, as it goes now, will show a time of the session.</summary>
    public DateTimeOffset OnSilosClock(DateTimeOffset at) => Ahead == TimeSpan.Zero || at == DateTimeOffset.MaxValue ? at : at - Ahead;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
