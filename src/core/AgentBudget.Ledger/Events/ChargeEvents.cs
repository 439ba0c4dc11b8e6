namespace AgentBudget;

/// <summary>
/// A cost, or a correction of one: what a bill is made of, and nothing else is. What a carved child costs is in the child's events
/// alone, a tenant's ledger has no such event, and reservations have none.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.charge")]
public abstract record ChargeEvent : BudgetEvent
{
    /// <summary>The call that it paid for, and how its cost is known.</summary>
    [Id(0)]
    public required Call Call { get; init; }

    /// <summary>What it cost; signed for corrections alone.</summary>
    [Id(1)]
    public Money Cost { get; init; }

    /// <summary>The entry of the reservation that it ends or ended, or of the cost that it corrects; 0 for none.</summary>
    [Id(2)]
    public long Related { get; init; }
}

/// <summary>A reservation was turned into spend.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.charge.settled")]
public sealed record ChargeSettledEvent : ChargeEvent
{
    /// <summary>What had been set aside for it.</summary>
    [Id(0)]
    public Money Reserved { get; init; }
}

/// <summary>A cost was recorded that had been incurred without a reservation.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.charge.recorded")]
public sealed record ChargeRecordedEvent : ChargeEvent;

/// <summary>A cost came after its reservation, or after the session, had ended.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.charge.late")]
public sealed record LateChargeEvent : ChargeEvent;

/// <summary>A cost was corrected: the amount is the difference, below zero where it was too high.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.charge.corrected")]
public sealed record ChargeCorrectedEvent : ChargeEvent
{
    /// <summary>The operator's reason.</summary>
    [Id(0)]
    public string? Reason { get; init; }
}
