namespace AgentBudget;

/// <summary>A day, a week or a month of a tenant: what has been spent in the one that runs and in the one before.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-window")]
public sealed record TenantWindow
{
    /// <summary>Day, week or month.</summary>
    [Id(0)]
    public required WindowKind Kind { get; init; }

    /// <summary>When it began.</summary>
    [Id(1)]
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ends, and the next one begins.</summary>
    [Id(2)]
    public required DateTimeOffset End { get; init; }

    /// <summary>Dollars spent in it, corrections included: a cost counts in the window in which it was recorded. May be below
    /// zero.</summary>
    [Id(3)]
    public Money Spent { get; init; }

    /// <summary>When the one before began.</summary>
    [Id(4)]
    public DateTimeOffset PreviousStart { get; init; }

    /// <summary>Dollars spent in the one before; what was recorded in it can still be reported.</summary>
    [Id(5)]
    public Money PreviousSpent { get; init; }

    /// <summary>Dollars that were added to the limit for this window only.</summary>
    [Id(6)]
    public Money ToppedUp { get; init; }

    /// <summary>
    /// The limit that holds, in dollars; null for none. After a limit was lowered below what is spent and out, it falls to the new one as
    /// money comes back, and never rises.
    /// </summary>
    [Id(7)]
    public Money? LimitInForce { get; init; }

    /// <summary>Which soft limits have been reached in it: bit i stands for the i-th of the settings.</summary>
    [Id(8)]
    public int SoftLimitsCrossed { get; init; }
}
