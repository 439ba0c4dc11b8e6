using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// One rule's ladder and how far it looks back. What is counted depends on the rule, see <see cref="LoopPolicy"/>; the call that is
/// being judged always counts as one.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.loop-rule")]
public sealed record LoopRule
{
    /// <summary>Similar calls within a time window, as shipped.</summary>
    public static readonly LoopRule Default = new();

    /// <summary>Whether the rule applies. Default: yes.</summary>
    [Id(0)]
    public bool Enabled { get; init; } = true;

    /// <summary>The count at which the breaker opens. Default 10; 2 to 256, or 0: never.</summary>
    [Id(1)]
    public int Calls { get; init; } = 10;

    /// <summary>How far back in time calls count. Default 60 seconds; 1 second to 24 hours.</summary>
    [Id(2)]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The count from which a warning is given, once a loop. Default 6; 2 to 256, or 0: none.</summary>
    [Id(3)]
    public int WarnAt { get; init; } = 6;

    /// <summary>The count from which calls are slowed down. Default 0: never; 2 to 256.</summary>
    [Id(4)]
    public int ThrottleAt { get; init; }

    /// <summary>How long after the one before a slowed call may be made. Default 10 seconds; 1 second to 1 hour.</summary>
    [Id(5)]
    public TimeSpan ThrottleFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many of the agent's last calls are looked at. Default 60; 2 to 255.</summary>
    [Id(6)]
    public int Last { get; init; } = 60;

    /// <summary>The smallest count at which the rule does something.</summary>
    internal int LeastCount => Enabled ? Math.Min(Step(Calls), Math.Min(Step(WarnAt), Step(ThrottleAt))) : int.MaxValue;

    internal long WindowMilliseconds => Window.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>What the count calls for; null for nothing.</summary>
    internal LoopAction? ActionAt(int count)
    {
        if (Calls > 0 && count >= Calls)
            return LoopAction.Trip;
        if (ThrottleAt > 0 && count >= ThrottleAt)
            return LoopAction.Throttle;
        return WarnAt > 0 && count >= WarnAt ? LoopAction.Warn : null;
    }

    internal void Validate(string what)
    {
        if (Calls is not 0 and (< 2 or > Bounds.LoopCalls))
            throw new ArgumentException(
                $"{what}: {Calls} calls given; a loop takes from 2 to {Bounds.LoopCalls} of them, or 0 to never trip."
            );
        Step(WarnAt, $"{what}: the warning");
        Step(ThrottleAt, $"{what}: the throttle");
        if (Last is < 2 or > Bounds.LoopMemory)
            throw new ArgumentException($"{what}: looks at {Last} calls; from 2 to {Bounds.LoopMemory} are remembered.");
        Checks.Range(Window, Bounds.LoopWindow, $"{what}: the window");
        Checks.Range(ThrottleFor, Bounds.LoopThrottle, $"{what}: the time between slowed calls");
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Enabled ? 1 : 0);
        hash.Add(Calls);
        hash.Add(Window);
        hash.Add(((long)WarnAt << 32) | ((long)ThrottleAt << 16) | (long)Last);
        hash.Add(ThrottleFor);
    }

    private static int Step(int count) => count == 0 ? int.MaxValue : count;

    private static void Step(int count, string what)
    {
        if (count is not 0 and (< 2 or > Bounds.LoopCalls))
            throw new ArgumentException($"{what} is at {count} calls; it must be from 2 to {Bounds.LoopCalls}, or 0 for none.");
    }
}
