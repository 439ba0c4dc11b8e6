using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// How much of its budget a session may spend within a time, on whatever it is: the one rule that sees an agent which is stuck and never
/// repeats anything. Few calls are no pace: what a handful of them costs is left to the budget itself.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.spend-rule")]
public sealed record SpendRule
{
    /// <summary>As shipped: a warning.</summary>
    public static readonly SpendRule Default = new();

    /// <summary>Whether the rule applies. Default: yes.</summary>
    [Id(0)]
    public bool Enabled { get; init; } = true;

    /// <summary>The share of the session's budget from which a warning is given. Default 0.5; up to 1, or 0: none.</summary>
    [Id(1)]
    public decimal WarnAt { get; init; } = 0.5m;

    /// <summary>The share at which the breaker opens. Default 0: never; up to 1.</summary>
    [Id(2)]
    public decimal TripAt { get; init; }

    /// <summary>The time. Default 60 seconds; 1 second to 24 hours.</summary>
    [Id(3)]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The calls within that time, models and tools of all agents, below which it says nothing. Default 12; 2 to 256.</summary>
    [Id(4)]
    public int Calls { get; init; } = 12;

    /// <summary>What a share of the budget calls for; null for nothing.</summary>
    internal LoopAction? ActionAt(Money spent, Money budget)
    {
        // In nano-dollars, as they stand: a division by a billion is most of what this rule would cost.
        if (TripAt > 0 && spent.NanoDollars >= budget.NanoDollars * TripAt)
            return LoopAction.Trip;
        return WarnAt > 0 && spent.NanoDollars >= budget.NanoDollars * WarnAt ? LoopAction.Warn : null;
    }

    internal void Validate()
    {
        if (WarnAt is < 0 or > 1 || TripAt is < 0 or > 1)
            throw new ArgumentException(
                $"The rule of money: warns at {WarnAt} and trips at {TripAt} of the budget; each must be above 0 and at most 1, or 0 for "
                    + "never."
            );
        if (Calls is < 2 or > Bounds.LoopCalls)
            throw new ArgumentException($"The rule of money: {Calls} calls given; it takes from 2 to {Bounds.LoopCalls} of them.");
        Checks.Range(Window, Bounds.LoopWindow, "The rule of money: the window");
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Enabled ? 1 : 0);
        hash.Add(WarnAt);
        hash.Add(TripAt);
        hash.Add(Window);
        hash.Add(Calls);
    }
}
