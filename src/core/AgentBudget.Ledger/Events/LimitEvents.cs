namespace AgentBudget;

/// <summary>What was spent has reached a soft limit: once per threshold and arming.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.limit.soft")]
public sealed record SoftLimitEvent : BudgetEvent
{
    /// <summary>The soft limit, a fraction of the budget.</summary>
    [Id(0)]
    public decimal Fraction { get; init; }

    /// <summary>Money and spend as of the entry.</summary>
    [Id(1)]
    public required EventReport Report { get; init; }
}

/// <summary>The hard limit was met: at the first refusal for want of budget, at the first overage, or when so much was spent, whichever
/// came first; once per arming.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.limit.hard")]
public sealed record HardLimitEvent : BudgetEvent
{
    /// <summary>Money and spend as of the entry.</summary>
    [Id(0)]
    public required EventReport Report { get; init; }
}

/// <summary>More was spent than the budget held: what the budget did not cover.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.limit.overage")]
public sealed record OverageEvent : BudgetEvent
{
    /// <summary>What this entry alone added to the overage. All of it is <see cref="Standing.Overage"/>.</summary>
    [Id(0)]
    public Money Amount { get; init; }

    /// <summary>Money and spend as of the entry.</summary>
    [Id(1)]
    public required EventReport Report { get; init; }
}

/// <summary>Calls look like the beginning of a loop.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.loop.warned")]
public sealed record LoopWarnedEvent : BudgetEvent
{
    /// <summary>What repeats; null where the entry does not say.</summary>
    [Id(0)]
    public LoopEvidence? Loop { get; init; }
}

/// <summary>Calls are a loop, and the breaker opened.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.loop.tripped")]
public sealed record LoopTrippedEvent : BudgetEvent
{
    /// <summary>What repeats; null where the entry does not say.</summary>
    [Id(0)]
    public LoopEvidence? Loop { get; init; }

    /// <summary>Money and spend as of the entry.</summary>
    [Id(1)]
    public required EventReport Report { get; init; }
}

/// <summary>The breaker opened: nothing new is authorised until an explicit transition.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.breaker.opened")]
public sealed record BreakerOpenedEvent : BudgetEvent
{
    /// <summary>Why.</summary>
    [Id(0)]
    public OpenReason Reason { get; init; }

    /// <summary>Money and spend as of the entry.</summary>
    [Id(1)]
    public required EventReport Report { get; init; }
}

/// <summary>The breaker closed: new money may be authorised again.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.breaker.closed")]
public sealed record BreakerClosedEvent : BudgetEvent;
