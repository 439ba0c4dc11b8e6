namespace AgentBudget;

/// <summary>Which sessions are asked for.</summary>
public enum SessionFilter : byte
{
    /// <summary>All.</summary>
    All = 0,

    /// <summary>Those that have not ended.</summary>
    Open = 1,

    /// <summary>Those that have.</summary>
    Ended = 2,
}

/// <summary>What a list of sessions is asked for.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.sessions-query")]
public sealed record SessionsQuery
{
    /// <summary>The most sessions of one page.</summary>
    public const int MaxCount = 1_000;

    /// <summary>Sessions after this id: the <see cref="SessionsPage.Next"/> of the page before. Default: from the start.</summary>
    [Id(0)]
    public string? After { get; init; }

    /// <summary>Only sessions of this tenant or of one below it. Default: all.</summary>
    [Id(1)]
    public TenantPath? Tenant { get; init; }

    /// <summary>Only those in this state. Default: all.</summary>
    [Id(2)]
    public SessionFilter State { get; init; }

    /// <summary>How many at most. Default 100; 1 to <see cref="MaxCount"/>.</summary>
    [Id(3)]
    public int Count { get; init; } = 100;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (After is not null)
            SessionIds.Validate(After);
        if (Tenant is not null && !TenantPath.TryParse(Tenant.ToString(), out _, out var problem))
            throw new ArgumentException($"The tenant's path {problem}");
        if (!Enum.IsDefined(State))
            throw new ArgumentException($"The state is {State}; it must be All, Open or Ended.");
        if (Count is < 1 or > MaxCount)
            throw new ArgumentException($"The count is {Count}; it must be from 1 to {MaxCount}.");
    }
}

/// <summary>One page of a list of sessions.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.sessions-page")]
public sealed record SessionsPage
{
    /// <summary>The sessions, in the order of their ids. There can be fewer than were asked for, and more behind them.</summary>
    [Id(0)]
    public required IReadOnlyList<SessionSummary> Sessions { get; init; }

    /// <summary>Where the next page begins, for <see cref="SessionsQuery.After"/>; null when there is none.</summary>
    [Id(1)]
    public string? Next { get; init; }
}
