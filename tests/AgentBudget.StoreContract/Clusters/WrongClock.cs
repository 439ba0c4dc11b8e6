using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>A clock that somebody sets, back too. Timers and the steady clock do not follow.</summary>
public sealed class WrongClock() : FakeTimeProvider(GrowingSession.Start)
{
    private long wrongBy;

    /// <summary>How far the clock is ahead of what the test began with.</summary>
    public TimeSpan WrongBy
    {
        get => new(Interlocked.Read(ref wrongBy));
        set => Interlocked.Exchange(ref wrongBy, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WrongBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
