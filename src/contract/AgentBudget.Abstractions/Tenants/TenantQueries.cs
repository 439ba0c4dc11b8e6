namespace AgentBudget;

/// <summary>Which day of a tenant's spend is asked for.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-spend-query")]
public sealed record TenantSpendQuery
{
    /// <summary>Whether it is the day before the one that runs. Default: the one that runs.</summary>
    [Id(0)]
    public bool DayBefore { get; init; }

    /// <summary>How many names of each kind, and how many agents; the rest as one. Default 100; 1 to 1,000.</summary>
    [Id(1)]
    public int Names { get; init; } = 100;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (Names is < 1 or > Bounds.TenantNames)
            throw new ArgumentException($"The names are {Names}; 1 to {Bounds.TenantNames} may be asked for.");
    }
}

/// <summary>Which sessions of a tenant, and of those below it, are asked for.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-sessions-query")]
public sealed record TenantSessionsQuery
{
    /// <summary>The most sessions of one page.</summary>
    public const int Most = 1_000;

    /// <summary>Only those of a status; null for all.</summary>
    [Id(0)]
    public SessionStatus? Status { get; init; }

    /// <summary>Those after this id, which is the last one of the page before; null from the start.</summary>
    [Id(1)]
    public string? After { get; init; }

    /// <summary>How many. Default 100; 1 to 1,000.</summary>
    [Id(2)]
    public int Count { get; init; } = 100;

    /// <summary>Whether those come first that have spent most. Such a list has one page.</summary>
    [Id(3)]
    public bool DearestFirst { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (Count is < 1 or > Most)
            throw new ArgumentException($"The sessions asked for are {Count}; 1 to {Most} may be.");
        if (After is not null)
            SessionIds.Validate(After);
        if (DearestFirst && After is not null)
            throw new ArgumentException("A list of the dearest has one page; leave out after what it begins.");
    }
}

/// <summary>A session in a tenant's list, as it stands in the store. All amounts are dollars.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-session")]
public sealed record TenantSession
{
    /// <summary>Its id.</summary>
    [Id(0)]
    public required string SessionId { get; init; }

    /// <summary>The tenant that it is of: the one asked, or one below it.</summary>
    [Id(1)]
    public TenantPath? Tenant { get; init; }

    /// <summary>What it is.</summary>
    [Id(2)]
    public SessionStatus Status { get; init; }

    /// <summary>Money and state.</summary>
    [Id(3)]
    public Standing Standing { get; init; }

    /// <summary>The agent or workflow that it was opened for; null for none.</summary>
    [Id(4)]
    public string? Agent { get; init; }

    /// <summary>When it was opened.</summary>
    [Id(5)]
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When a caller last caused an entry.</summary>
    [Id(6)]
    public DateTimeOffset LastActivityAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    [Id(7)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The line of a session.</summary>
    /// <param name="head">Its head.</param>
    public static TenantSession Of(SessionHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return new TenantSession
        {
            SessionId = head.SessionId,
            Tenant = head.Options?.Tenant,
            Status = head.Status,
            Standing = head.Standing,
            Agent = head.Options?.Agent,
            OpenedAt = head.OpenedAt,
            LastActivityAt = head.LastActivityAt,
            EndedAt = head.EndedAt,
        };
    }
}
