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
