namespace AgentBudget.Orleans.Storage.Json;

/// <summary>The options of a session as they are stored. Property names are names in stored data: adding is allowed, renaming is not.</summary>
internal sealed record OptionsDetail
{
    public long BudgetNanoUsd { get; init; }

    public string? Tenant { get; init; }

    public decimal[] SoftLimits { get; init; } = [];

    public decimal HardLimit { get; init; }

    public decimal FinalizationReserve { get; init; }

    public LoopRuleDetail Loop { get; init; } = new();

    public LoopPolicyDetail? Loops { get; init; }

    public UnknownModelPolicy UnknownModels { get; init; }

    public SessionMode Mode { get; init; }

    public bool LatchWhenExhausted { get; init; }

    public long? TimeToLiveTicks { get; init; }

    public long IdleTimeoutTicks { get; init; }

    public string? Agent { get; init; }

    public Dictionary<string, string>? Tags { get; init; }

    public static OptionsDetail? From(BudgetSessionOptions? options) => options is null ? null : new OptionsDetail
    {
        BudgetNanoUsd = options.Budget.NanoDollars,
        Tenant = options.Tenant,
        SoftLimits = [.. options.SoftLimits],
        HardLimit = options.HardLimit,
        FinalizationReserve = options.FinalizationReserve,
        Loop = LoopRuleDetail.From(options.Loops.Rule),
        Loops = LoopPolicyDetail.From(options.Loops),
        UnknownModels = options.UnknownModels,
        Mode = options.Mode,
        LatchWhenExhausted = options.LatchWhenExhausted,
        TimeToLiveTicks = options.TimeToLive?.Ticks,
        IdleTimeoutTicks = options.IdleTimeout.Ticks,
        Agent = options.Agent,
        Tags = options.Tags.Count == 0 ? null : new(options.Tags),
    };

    public BudgetSessionOptions ToOptions() => new()
    {
        Budget = Money.FromNanoDollars(BudgetNanoUsd),
        Tenant = Tenant,
        SoftLimits = SoftLimits is [0.9m] ? BudgetSessionOptions.DefaultSoftLimits : SoftLimits,
        HardLimit = HardLimit,
        FinalizationReserve = FinalizationReserve,
        Loops = LoopPolicyDetail.ToPolicy(Loop, Loops),
        UnknownModels = UnknownModels,
        Mode = Mode,
        LatchWhenExhausted = LatchWhenExhausted,
        TimeToLive = TimeToLiveTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null,
        IdleTimeout = TimeSpan.FromTicks(IdleTimeoutTicks),
        Agent = Agent,
        Tags = Tags ?? BudgetSessionOptions.NoTags,
    };
}
