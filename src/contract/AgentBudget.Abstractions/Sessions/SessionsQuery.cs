namespace AgentBudget;

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

    /// <summary>Only those of this status. Default: all.</summary>
    [Id(2)]
    public SessionStatus? Status { get; init; }

    /// <summary>How many at most. Default 100; 1 to <see cref="MaxCount"/>.</summary>
    [Id(3)]
    public int Count { get; init; } = 100;

    /// <summary>Whether those that have ended are left out. Default: no.</summary>
    [Id(4)]
    public bool HidesClosed { get; init; }

    /// <summary>Whether those come first that have spent most. Such a list has one page. Default: no, they come in the order of their
    /// ids.</summary>
    [Id(5)]
    public bool DearestFirst { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (After is not null)
            SessionIds.Validate(After);
        if (Tenant is not null && !TenantPath.TryParse(Tenant.ToString(), out _, out var problem))
            throw new ArgumentException($"The tenant's path {problem}");
        if (Status is { } status && !Enum.IsDefined(status))
            throw new ArgumentException($"The status is {status}; it must be one of {string.Join(", ", Enum.GetNames<SessionStatus>())}.");
        if (DearestFirst && After is not null)
            throw new ArgumentException("A list of the dearest has one page; leave out after what it begins.");
        if (Count is < 1 or > MaxCount)
            throw new ArgumentException($"The count is {Count}; it must be from 1 to {MaxCount}.");
    }
}

/// <summary>One page of a list of sessions.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.sessions-page")]
public sealed record SessionsPage
{
    /// <summary>The sessions, in the order of their ids, or the dearest first. There can be fewer than were asked for, and more behind
    /// them.</summary>
    [Id(0)]
    public required IReadOnlyList<SessionSummary> Sessions { get; init; }

    /// <summary>Where the next page begins, for <see cref="SessionsQuery.After"/>; null when there is none.</summary>
    [Id(1)]
    public string? Next { get; init; }
}
