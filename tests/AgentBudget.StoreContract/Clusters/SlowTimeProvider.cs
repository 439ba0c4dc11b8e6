namespace AgentBudget.StoreContract.Clusters;

/// <summary>A clock that goes several times more slowly than the system's: a limit of three seconds is one of thirty.</summary>
/// <param name="slowness">How many real seconds one of its seconds takes.</param>
public sealed class SlowTimeProvider(int slowness) : TimeProvider
{
    private readonly DateTimeOffset start = System.GetUtcNow();
    private readonly long startTimestamp = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(startTimestamp) / slowness;

    public override long GetTimestamp() => startTimestamp + (System.GetTimestamp() - startTimestamp) / slowness;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System.CreateTimer(callback, state, Slowed(dueTime), Slowed(period)), this);

    private TimeSpan Slowed(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time * slowness;

    private sealed class Timer(ITimer timer, SlowTimeProvider clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Slowed(dueTime), clock.Slowed(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
