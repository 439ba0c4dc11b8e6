using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>Limits or settings of a tenant were set, or a limit was raised.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.tenant.limit_set")]
public sealed record TenantLimitSetEvent : BudgetEvent
{
    /// <summary>The settings from now on.</summary>
    [Id(0)]
    public required TenantSettings Settings { get; init; }

    /// <summary>Which limit was raised, where one was; otherwise the total.</summary>
    [Id(1)]
    public WindowKind Window { get; init; }

    /// <summary>By how much it was raised; zero where all was set.</summary>
    [Id(2)]
    public Money Raised { get; init; }

    /// <summary>Who did it.</summary>
    [Id(3)]
    public string? By { get; init; }

    /// <summary>Why.</summary>
    [Id(4)]
    public string? Reason { get; init; }
}

/// <summary>What is settled and out of a tenant has reached a soft limit: once per window, limit, fraction and arming.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.tenant.soft_limit")]
public sealed record TenantSoftLimitEvent : BudgetEvent
{
    /// <summary>Which limit.</summary>
    [Id(0)]
    public WindowKind Window { get; init; }

    /// <summary>The limit.</summary>
    [Id(1)]
    public Money Limit { get; init; }

    /// <summary>What is settled and out, at most the limit.</summary>
    [Id(2)]
    public Money Used { get; init; }

    /// <summary>Which soft limits of the tenant's settings were reached: bit i stands for the i-th.</summary>
    [Id(3)]
    public int SoftLimitsCrossed { get; init; }

    /// <summary>The same by their places in <see cref="TenantSettings.SoftLimits"/>, as the last <see cref="TenantLimitSetEvent"/> before
    /// it has them: from 1 on.</summary>
    public IEnumerable<int> Crossed => Enumerable.Range(1, Bounds.SoftLimits).Where(place => (SoftLimitsCrossed & (1 << (place - 1))) != 0);
}

/// <summary>A tenant refused what nothing that is out could have paid.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.tenant.exhausted")]
public sealed record TenantExhaustedEvent : BudgetEvent
{
    /// <summary>What was asked for.</summary>
    [Id(0)]
    public Money Asked { get; init; }

    /// <summary>Whether its limit in total leaves too little, even if all that is out came back; where not, it is the limit of a day, week
    /// or month that does.</summary>
    public bool IsTotalExhausted => After.Budget != TenantLimits.NoLimit && After.Budget - After.Settled < Asked;
}

/// <summary>A tenant was paused, and all that has money of it.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.tenant.paused")]
public sealed record TenantPausedEvent : BudgetEvent
{
    /// <summary>Who did it.</summary>
    [Id(0)]
    public string? By { get; init; }

    /// <summary>Why.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}

/// <summary>A tenant was resumed.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.tenant.resumed")]
public sealed record TenantResumedEvent : BudgetEvent
{
    /// <summary>Who did it.</summary>
    [Id(0)]
    public string? By { get; init; }

    /// <summary>Why.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}

/// <summary>A tenant was stopped: paused, and whoever has money of it ends.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.tenant.stopped")]
public sealed record TenantStoppedEvent : BudgetEvent
{
    /// <summary>Who did it.</summary>
    [Id(0)]
    public string? By { get; init; }

    /// <summary>Why.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}
