namespace AgentBudget;

/// <summary>A session was opened.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.session.opened")]
public sealed record SessionOpenedEvent : BudgetEvent
{
    /// <summary>The budget that it was opened with.</summary>
    [Id(0)]
    public Money Budget { get; init; }
}

/// <summary>A session has ended. What it cost in the end stands in the report.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.session.ended")]
public sealed record SessionEndedEvent : BudgetEvent
{
    /// <summary>Why.</summary>
    [Id(0)]
    public EndReason Reason { get; init; }

    /// <summary>Money and spend at the end.</summary>
    [Id(1)]
    public required EventReport Report { get; init; }
}

/// <summary>A session was paused.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.session.paused")]
public sealed record SessionPausedEvent : BudgetEvent
{
    /// <summary>Who paused it: an operator, or what its money comes from.</summary>
    [Id(0)]
    public PauseSources Source { get; init; }

    /// <summary>Which person or program.</summary>
    [Id(2)]
    public string? By { get; init; }

    /// <summary>The operator's reason.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}

/// <summary>A session was resumed.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.session.resumed")]
public sealed record SessionResumedEvent : BudgetEvent
{
    /// <summary>Who resumed it.</summary>
    [Id(0)]
    public PauseSources Source { get; init; }

    /// <summary>Which person or program.</summary>
    [Id(2)]
    public string? By { get; init; }

    /// <summary>The operator's reason.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}

/// <summary>A session's budget was raised, set or corrected.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.session.budget_changed")]
public sealed record BudgetChangedEvent : BudgetEvent
{
    /// <summary>The budget from now on.</summary>
    [Id(0)]
    public Money Budget { get; init; }

    /// <summary>The operator's reason.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}

/// <summary>A reservation went back by its own clock: its owner never said what became of the call.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event.reservation.expired")]
public sealed record ReservationExpiredEvent : BudgetEvent
{
    /// <summary>What had been set aside.</summary>
    [Id(0)]
    public Money Amount { get; init; }

    /// <summary>The entry of the reservation.</summary>
    [Id(1)]
    public long Reservation { get; init; }
}
