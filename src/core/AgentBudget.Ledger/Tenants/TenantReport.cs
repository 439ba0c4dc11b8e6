using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>Where a tenant stands, as of one entry of its ledger: exact to the nano-dollar, as far as its sessions have reported.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-report")]
public sealed record TenantReport
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required TenantPath Path { get; init; }

    /// <summary>The entry of its ledger that the report is as of.</summary>
    [Id(1)]
    public required long Sequence { get; init; }

    /// <summary>What it is set to.</summary>
    [Id(2)]
    public required TenantSettings Settings { get; init; }

    /// <summary>The entry by which it was last set; 0 for a tenant that never was.</summary>
    [Id(3)]
    public long Version { get; init; }

    /// <summary>In total, and for the day, the week and the month that run, with those before.</summary>
    [Id(4)]
    public required IReadOnlyList<TenantSums> Sums { get; init; }

    /// <summary>Sessions, and tenants directly below, that have money of it.</summary>
    [Id(5)]
    public int Open { get; init; }

    /// <summary>All that ever had.</summary>
    [Id(6)]
    public long Opened { get; init; }

    /// <summary>Whether it is paused, by an operator or by the tenant above.</summary>
    [Id(7)]
    public bool IsPaused { get; init; }

    /// <summary>Whether something was refused as exhausted, and since then nothing has been granted, and no window has begun and no limit
    /// was set into which it would fit.</summary>
    [Id(8)]
    public bool IsExhausted { get; init; }

    /// <summary>What was spent, by model and tool; the dearest 128, the rest as one.</summary>
    [Id(9)]
    public required Breakdown Breakdown { get; init; }

    /// <summary>The last entry by which it was set, raised, paused, stopped or resumed; 0 for none.</summary>
    [Id(10)]
    public long LastChange { get; init; }

    /// <summary>Whether it, or the tenant above, was stopped and has not been resumed.</summary>
    [Id(11)]
    public bool IsStopped { get; init; }

    /// <summary>The sums of one window.</summary>
    /// <param name="kind">Which.</param>
    public TenantSums this[WindowKind kind] => Sums[(int)kind];

    internal static TenantReport? Of(SessionHead head)
    {
        if (head.Tenant is not { } tenant)
            return null;
        return new TenantReport
        {
            Path = TenantLedgers.PathOf(head.SessionId),
            Sequence = head.Sequence,
            Settings = tenant.Settings,
            Version = tenant.Version,
            LastChange = tenant.LastChange,
            IsStopped = tenant.StoppedBy != PauseSources.None,
            Sums = [TenantSums.Of(head), .. tenant.Windows.Select(window => TenantSums.Of(head, window))],
            Open = head.OpenHolders,
            Opened = head.ChildrenTotal,
            IsPaused = head.Breaker.State == BreakerState.Paused,
            IsExhausted = tenant.IsExhausted,
            Breakdown = head.Breakdown,
        };
    }
}

/// <summary>What a tenant has spent and may still spend, in total or in a window. All amounts are dollars.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-sums")]
public sealed record TenantSums
{
    /// <summary>Total, day, week or month.</summary>
    [Id(0)]
    public required WindowKind Kind { get; init; }

    /// <summary>When the window began; null for the total.</summary>
    [Id(1)]
    public DateTimeOffset? Start { get; init; }

    /// <summary>When it ends; null for the total.</summary>
    [Id(2)]
    public DateTimeOffset? End { get; init; }

    /// <summary>The limit that was set, top-ups of this window included; null for none.</summary>
    [Id(3)]
    public Money? LimitWanted { get; init; }

    /// <summary>The limit that holds: above the one wanted while what was out when it was lowered comes back; null for none.</summary>
    [Id(4)]
    public Money? LimitInForce { get; init; }

    /// <summary>All that was spent.</summary>
    [Id(5)]
    public Money Spent { get; init; }

    /// <summary>What is out with sessions and tenants below, and not spent: in every window the same.</summary>
    [Id(6)]
    public Money Outstanding { get; init; }

    /// <summary>What was spent in the window before; zero for the total.</summary>
    [Id(7)]
    public Money PreviousSpent { get; init; }

    /// <summary>The soft limits, as fractions of the limit, that what is settled and out has reached since they were armed: when the window
    /// began, or the limit was raised above them.</summary>
    [Id(8)]
    public IReadOnlyList<decimal> SoftLimitsCrossed { get; init; } = [];

    /// <summary>When the window before began; null for the total.</summary>
    [Id(9)]
    public DateTimeOffset? PreviousStart { get; init; }

    /// <summary>The part of what was spent that the limit does not cover. Where limits are only observed: what they would not have
    /// covered.</summary>
    public Money Overage => Limit is { } limit ? Money.Max(Money.Zero, Spent + Outstanding - limit) : Money.Zero;

    /// <summary>The part that it does.</summary>
    public Money Settled => Spent - Overage;

    /// <summary>What can still go out, or could where limits are only observed; null where there is no limit. A sum below zero, of what was
    /// taken back of an earlier window's costs, makes no room.</summary>
    public Money? Available => Limit is { } limit ? Money.Max(Money.Zero, limit - Money.Max(Money.Zero, Spent) - Outstanding) : null;

    private Money? Limit => LimitInForce ?? LimitWanted;

    internal static TenantSums Of(SessionHead head) =>
        new()
        {
            Kind = WindowKind.Total,
            LimitWanted = head.Tenant!.Settings.TotalLimit,
            LimitInForce = head.Budget == TenantLimits.NoLimit ? null : head.Budget,
            Spent = head.Spent,
            Outstanding = head.Reserved,
            SoftLimitsCrossed = TenantSoftLimits.Fractions(head.Tenant.Settings, head.Tenant.SoftLimitsCrossed),
        };

    internal static TenantSums Of(SessionHead head, TenantWindow window) =>
        new()
        {
            Kind = window.Kind,
            Start = window.Start,
            End = window.End,
            LimitWanted = head.Tenant!.Settings.LimitOf(window.Kind) + window.ToppedUp,
            LimitInForce = window.LimitInForce,
            Spent = window.Spent,
            Outstanding = head.Reserved,
            PreviousStart = window.PreviousStart,
            PreviousSpent = window.PreviousSpent,
            SoftLimitsCrossed = TenantSoftLimits.Fractions(head.Tenant.Settings, window.SoftLimitsCrossed),
        };
}
