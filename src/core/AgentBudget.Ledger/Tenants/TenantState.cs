namespace AgentBudget;

/// <summary>What a tenant's ledger has beside money and holders: settings, and its calendar windows.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-state")]
public sealed record TenantState
{
    /// <summary>What it may spend, and how.</summary>
    [Id(0)]
    public TenantSettings Settings { get; init; } = TenantSettings.None;

    /// <summary>The entry by which it was last set; 0 for a tenant that never was.</summary>
    [Id(1)]
    public long Version { get; init; }

    /// <summary>Day, week and month.</summary>
    [Id(2)]
    public IReadOnlyList<TenantWindow> Windows { get; init; } = [];

    /// <summary>Whether something was refused that nothing which is out could have paid, and nothing has been granted since.</summary>
    [Id(3)]
    public bool IsExhausted { get; init; }

    /// <summary>Whether it was ever set.</summary>
    public bool IsSet => Version > 0;
}
