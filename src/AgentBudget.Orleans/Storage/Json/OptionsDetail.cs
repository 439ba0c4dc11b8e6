using AgentBudget.Ledger;

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

    public Dictionary<string, LoopRuleDetail>? LoopByName { get; init; }

    public UnknownModelPolicy UnknownModels { get; init; }

    public SessionMode Mode { get; init; }

    public bool LatchWhenExhausted { get; init; }

    public long? TimeToLiveTicks { get; init; }

    public long IdleTimeoutTicks { get; init; }

    public string? Agent { get; init; }

    public Dictionary<string, string>? Tags { get; init; }

    public static OptionsDetail? From(SessionOptions? options) => options is null ? null : new OptionsDetail
    {
        BudgetNanoUsd = options.Budget.NanoDollars,
        Tenant = options.Tenant,
        SoftLimits = [.. options.SoftLimits],
        HardLimit = options.HardLimit,
        FinalizationReserve = options.FinalizationReserve,
        Loop = LoopRuleDetail.From(options.Loops.Rule),
        LoopByName = options.Loops.ByName.Count == 0 ? null : options.Loops.ByName.ToDictionary(pair => pair.Key, pair => LoopRuleDetail.From(pair.Value)),
        UnknownModels = options.UnknownModels,
        Mode = options.Mode,
        LatchWhenExhausted = options.LatchWhenExhausted,
        TimeToLiveTicks = options.TimeToLive?.Ticks,
        IdleTimeoutTicks = options.IdleTimeout.Ticks,
        Agent = options.Agent,
        Tags = options.Tags.Count == 0 ? null : new(options.Tags),
    };

    public SessionOptions ToOptions() => new()
    {
        Budget = Money.FromNanoDollars(BudgetNanoUsd),
        Tenant = Tenant,
        SoftLimits = SoftLimits is [0.9m] ? SessionOptions.DefaultSoftLimits : SoftLimits,
        HardLimit = HardLimit,
        FinalizationReserve = FinalizationReserve,
        Loops = ToPolicy(),
        UnknownModels = UnknownModels,
        Mode = Mode,
        LatchWhenExhausted = LatchWhenExhausted,
        TimeToLive = TimeToLiveTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null,
        IdleTimeout = TimeSpan.FromTicks(IdleTimeoutTicks),
        Agent = Agent,
        Tags = Tags ?? SessionOptions.NoTags,
    };

    private LoopPolicy ToPolicy()
    {
        var rule = Loop.ToRule();
        if (LoopByName is null) return rule == LoopRule.Default ? LoopPolicy.Default : new LoopPolicy { Rule = rule };
        return new LoopPolicy { Rule = rule, ByName = LoopByName.ToDictionary(pair => pair.Key, pair => pair.Value.ToRule()) };
    }
}

/// <summary>A loop rule.</summary>
internal sealed record LoopRuleDetail
{
    public bool Enabled { get; init; }

    public int Calls { get; init; }

    public long WindowTicks { get; init; }

    public static LoopRuleDetail From(LoopRule rule) => new() { Enabled = rule.Enabled, Calls = rule.Calls, WindowTicks = rule.Window.Ticks };

    public LoopRule ToRule() => new() { Enabled = Enabled, Calls = Calls, Window = TimeSpan.FromTicks(WindowTicks) };
}
