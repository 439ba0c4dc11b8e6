using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// When a repetition is waiting: the same call comes again at long intervals, or at intervals that grow, with at most two other calls
/// between. It is warned about like any other, and trips only far beyond.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.waiting-rule")]
public sealed record WaitingRule
{
    /// <summary>Waiting as shipped.</summary>
    public static readonly WaitingRule Default = new();

    /// <summary>Whether waiting is told from looping. Default: yes.</summary>
    [Id(0)]
    public bool Enabled { get; init; } = true;

    /// <summary>An interval that is long. Default 30 seconds; 1 second to 1 hour.</summary>
    [Id(1)]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The count at which waiting is a loop after all, however long ago the wait began, as long as it comes more than five times an
    /// hour. Default 240, four hours at one a minute; 2 to 10,000, or 0: never.
    /// </summary>
    [Id(2)]
    public int Calls { get; init; } = 240;

    /// <summary>
    /// The share of the session's budget that the agent which waits has spent, on whatever it was, since it was first warned about the
    /// wait, at which waiting is a loop after all. What other agents and children spend does not count. Default 0.25; up to 1, or 0: never.
    /// </summary>
    [Id(3)]
    public decimal Share { get; init; } = 0.25m;

    internal void Validate()
    {
        if (Calls is not 0 and (< 2 or > Bounds.WaitingCalls))
            throw new ArgumentException($"Waiting: {Calls} calls given; it takes from 2 to {Bounds.WaitingCalls} of them, or 0 for never.");
        if (Share is < 0 or > 1)
            throw new ArgumentException($"Waiting: the share of the budget is {Share}; it must be above 0 and at most 1, or 0 for never.");
        Checks.Range(Interval, Bounds.LoopThrottle, "Waiting: the interval");
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Enabled ? 1 : 0);
        hash.Add(Interval);
        hash.Add(Calls);
        hash.Add(Share);
    }
}
