using System.Collections.Concurrent;
using System.Threading.Channels;
using AgentBudget.Client.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Client.Tests.Ledgers;

/// <summary>A clock that jumps to the end of every wait as soon as somebody waits, so that waiting takes no time.</summary>
public sealed class SkippingClock : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> waits = new();

    public SkippingClock()
        : base(System.GetUtcNow()) => Began = GetUtcNow();

    /// <summary>The waits, in order.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => waits;

    /// <summary>The time that has passed on it.</summary>
    public TimeSpan Passed => GetUtcNow() - Began;

    private DateTimeOffset Began { get; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // What bounds the program's own code is no wait of the client's.
        if (dueTime <= TimeSpan.Zero || dueTime == UserCode.Patience)
            return timer;
        waits.Enqueue(dueTime);
        ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        return timer;
    }
}

/// <summary>A clock that stands still until it is moved, and says when enough are waiting on it.</summary>
public sealed class StandingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();

    public StandingClock()
        : base(System.GetUtcNow()) { }

    /// <summary>Ends when so many more waits have begun.</summary>
    public async Task WhenWaitingAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // A timer that is made to be set later is no wait.
        if (dueTime != Timeout.InfiniteTimeSpan)
            waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
