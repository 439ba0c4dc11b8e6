namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.BudgetSessionOptions)]
internal struct SessionOptionsWire
{
    [Id(0)] public Money Budget;
    [Id(1)] public string? Tenant;
    [Id(2)] public decimal[] SoftLimits;
    [Id(3)] public decimal HardLimit;
    [Id(4)] public decimal FinalizationReserve;
    [Id(5)] public LoopPolicy Loops;
    [Id(6)] public UnknownModelPolicy UnknownModels;
    [Id(7)] public SessionMode Mode;
    [Id(8)] public bool LatchWhenExhausted;
    [Id(9)] public TimeSpan? TimeToLive;
    [Id(10)] public TimeSpan IdleTimeout;
    [Id(11)] public string? Agent;
    [Id(12)] public Dictionary<string, string> Tags;
}

// No shallow copier: the caller may change its collections after the call, so the grain gets a copy.
[RegisterConverter]
internal sealed class SessionOptionsConverter : IConverter<BudgetSessionOptions, SessionOptionsWire>
{
    public BudgetSessionOptions ConvertFromSurrogate(in SessionOptionsWire wire) => new()
    {
        Budget = wire.Budget,
        Tenant = wire.Tenant,
        SoftLimits = wire.SoftLimits is [0.9m] ? BudgetSessionOptions.DefaultSoftLimits : wire.SoftLimits,
        HardLimit = wire.HardLimit,
        FinalizationReserve = wire.FinalizationReserve,
        Loops = wire.Loops,
        UnknownModels = wire.UnknownModels,
        Mode = wire.Mode,
        LatchWhenExhausted = wire.LatchWhenExhausted,
        TimeToLive = wire.TimeToLive,
        IdleTimeout = wire.IdleTimeout,
        Agent = wire.Agent,
        Tags = wire.Tags.Count == 0 ? BudgetSessionOptions.NoTags : wire.Tags,
    };

    public SessionOptionsWire ConvertToSurrogate(in BudgetSessionOptions value) => new()
    {
        Budget = value.Budget,
        Tenant = value.Tenant,
        SoftLimits = [.. value.SoftLimits],
        HardLimit = value.HardLimit,
        FinalizationReserve = value.FinalizationReserve,
        Loops = value.Loops,
        UnknownModels = value.UnknownModels,
        Mode = value.Mode,
        LatchWhenExhausted = value.LatchWhenExhausted,
        TimeToLive = value.TimeToLive,
        IdleTimeout = value.IdleTimeout,
        Agent = value.Agent,
        Tags = new(value.Tags),
    };
}
