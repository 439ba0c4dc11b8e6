namespace AgentBudget.Extensions.AI.Tests.Fakes;

/// <summary>A stopwatch that is moved by hand; timers and dates are those of the system.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
