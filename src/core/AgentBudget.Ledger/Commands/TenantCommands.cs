using AgentBudget.Ledger;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>Sets a tenant's limits and settings, whole. Takes effect at once; what was lowered below what is spent and out falls as money
/// comes back.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.set-tenant")]
public sealed record SetTenantCommand : SessionCommand
{
    /// <summary>The settings.</summary>
    [Id(0)]
    public required TenantSettings Settings { get; init; }

    /// <summary>Who sets them, for the audit: up to 128 characters.</summary>
    [Id(1)]
    public string? By { get; init; }

    /// <summary>Why: up to 256 characters.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>
    /// The <see cref="TenantReport.Version"/> that the settings were made of, 0 for a tenant that was never set: where it is another by
    /// now, it is refused as <see cref="RefusalReason.SettingsChanged"/>. Null, the default: whatever it was set to.
    /// </summary>
    [Id(3)]
    public long? IfVersion { get; init; }

    internal override SessionAnswer Decide(Turn turn) => TenantRules.Set(turn, this);

    internal override bool IsForOpenSession => false;

    internal override bool IsForTenant => true;

    private protected override int BodyKind => 16;

    private protected override void AddTo(ref BodyHash hash)
    {
        Settings.AddTo(ref hash);
        hash.Add(By);
        hash.Add(Reason);
        if (IfVersion is { } version)
            hash.Add(version);
    }

    private protected override void ValidateBody()
    {
        Checks.Given(Settings, "The settings");
        if (IfVersion < 0)
            throw new ArgumentException($"The version is {IfVersion}; it is that of the report, from 0 on.");
        Settings.Validate();
        Checks.Text(By, "Who sets them", Bounds.NameLength);
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
    }
}

/// <summary>
/// Stops a tenant for good as far as its sessions go: all that are open, at all levels, end, and new ones are refused until it is resumed.
/// Asked again, it answers how many are left.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.stop-tenant")]
public sealed record StopTenantCommand : SessionCommand
{
    /// <summary>Who stops it, for the audit: up to 128 characters.</summary>
    [Id(0)]
    public string? By { get; init; }

    /// <summary>Why: up to 256 characters.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    /// <summary>How long the answer may wait for all to have written it: zero to 20 seconds. Null: 10 seconds.</summary>
    [Id(2)]
    public TimeSpan? AnswerWithin { get; init; }

    internal override SessionAnswer Decide(Turn turn) => TenantStop.Stop(turn, this);

    internal override bool IsForTenant => true;

    internal override bool BeginsTenant => true;

    private protected override int BodyKind => 18;

    // How long somebody waits is no part of what is asked for.
    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(By);
        hash.Add(Reason);
    }

    private protected override void ValidateBody()
    {
        Checks.Text(By, "Who stops it", Bounds.NameLength);
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
        Checks.OptionalRange(AnswerWithin, Bounds.PauseAnswer, "The wait for the answer");
    }
}

/// <summary>Raises a limit of a tenant: the total for good, that of a day, week or month for the one that runs. Whoever was exhausted goes
/// on.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.top-up-tenant")]
public sealed record TopUpTenantCommand : SessionCommand
{
    /// <summary>What to add, in dollars: above $0.00.</summary>
    [Id(0)]
    public required Money Amount { get; init; }

    /// <summary>Which limit. Default: the total. What is added to a window is not carried over.</summary>
    [Id(1)]
    public WindowKind Window { get; init; }

    /// <summary>Who tops up, for the audit: up to 128 characters.</summary>
    [Id(2)]
    public string? By { get; init; }

    /// <summary>Why: up to 256 characters.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    internal override SessionAnswer Decide(Turn turn) => TenantRules.TopUp(turn, this);

    internal override bool IsForOpenSession => false;

    internal override bool IsForTenant => true;

    private protected override int BodyKind => 17;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Amount);
        hash.Add((long)Window);
        hash.Add(By);
        hash.Add(Reason);
    }

    private protected override void ValidateBody()
    {
        Checks.Positive(Amount, "The top-up");
        Checks.Defined(Window, "The window");
        Checks.Text(By, "Who tops up", Bounds.NameLength);
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
    }
}
