namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.Money)]
internal struct MoneyWire
{
    [Id(0)] public long NanoDollars;
}

[RegisterConverter]
internal sealed class MoneyConverter : IConverter<Money, MoneyWire>
{
    public Money ConvertFromSurrogate(in MoneyWire wire) => Money.FromNanoDollars(wire.NanoDollars);

    public MoneyWire ConvertToSurrogate(in Money value) => new() { NanoDollars = value.NanoDollars };
}

[GenerateSerializer, Alias(WireNames.BreakerStatus)]
internal struct BreakerStatusWire
{
    [Id(0)] public OpenReason OpenReason;
    [Id(1)] public PauseSources PausedBy;
}

[RegisterConverter]
internal sealed class BreakerStatusConverter : IConverter<BreakerStatus, BreakerStatusWire>
{
    public BreakerStatus ConvertFromSurrogate(in BreakerStatusWire wire) => new(wire.OpenReason, wire.PausedBy);

    public BreakerStatusWire ConvertToSurrogate(in BreakerStatus value) => new() { OpenReason = value.OpenReason, PausedBy = value.PausedBy };
}

[GenerateSerializer, Alias(WireNames.Standing)]
internal struct StandingWire
{
    [Id(0)] public long Sequence;
    [Id(1)] public long BudgetNanoDollars;
    [Id(2)] public long SpentNanoDollars;
    [Id(3)] public long ReservedNanoDollars;
    [Id(4)] public OpenReason OpenReason;
    [Id(5)] public PauseSources PausedBy;
    [Id(6)] public EndReason End;
}

[RegisterConverter]
internal sealed class StandingConverter : IConverter<Standing, StandingWire>
{
    public Standing ConvertFromSurrogate(in StandingWire wire) => new(
        wire.Sequence,
        Money.FromNanoDollars(wire.BudgetNanoDollars),
        Money.FromNanoDollars(wire.SpentNanoDollars),
        Money.FromNanoDollars(wire.ReservedNanoDollars),
        new BreakerStatus(wire.OpenReason, wire.PausedBy),
        wire.End);

    public StandingWire ConvertToSurrogate(in Standing value) => new()
    {
        Sequence = value.Sequence,
        BudgetNanoDollars = value.Budget.NanoDollars,
        SpentNanoDollars = value.Spent.NanoDollars,
        ReservedNanoDollars = value.Reserved.NanoDollars,
        OpenReason = value.Breaker.OpenReason,
        PausedBy = value.Breaker.PausedBy,
        End = value.End,
    };
}
