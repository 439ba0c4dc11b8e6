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

    /// <summary>Whether something was refused that nothing which is out could have paid, and since then nothing has been granted, and no
    /// window has begun and no limit was set into which it would fit.</summary>
    [Id(3)]
    public bool IsExhausted { get; init; }

    /// <summary>The last entry by which somebody set, raised, paused or resumed it, or the tenant above did; each names the one before it
    /// as <see cref="Entry.Related"/>. 0 for none.</summary>
    [Id(4)]
    public long LastChange { get; init; }

    /// <summary>Who stopped it and has not resumed it: an operator, or the tenant above; none while it is not stopped.</summary>
    [Id(5)]
    public PauseSources StoppedBy { get; init; }

    /// <summary>Those whose row is not younger than this entry were stopped; 0 when it never was.</summary>
    [Id(6)]
    public long StoppedThrough { get; init; }

    /// <summary>The number of the hold of its last stop; 0 when it never was.</summary>
    [Id(7)]
    public long StopNumber { get; init; }

    /// <summary>How many had money of it at its last stop.</summary>
    [Id(8)]
    public int StoppedHolders { get; init; }

    /// <summary>Which soft limits of the total have been reached since they were armed: bit i stands for the i-th of the
    /// settings.</summary>
    [Id(9)]
    public int SoftLimitsCrossed { get; init; }

    /// <summary>What was refused when it became exhausted, in dollars; zero while it is not.</summary>
    [Id(10)]
    public Money ExhaustedFor { get; init; }

    /// <summary>Whether it was ever set.</summary>
    public bool IsSet => Version > 0;
}
