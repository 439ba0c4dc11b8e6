namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.ChildAccount)]
internal struct ChildAccountWire
{
    [Id(0)] public string Name;
    [Id(1)] public ChildKind Kind;
    [Id(2)] public long OpenedSequence;
    [Id(3)] public DateTimeOffset OpenedAt;
    [Id(4)] public DateTimeOffset? ClosedAt;
    [Id(5)] public Money Carved;
    [Id(6)] public int CarveNumber;
    [Id(7)] public Money Spent;
    [Id(8)] public Breakdown Breakdown;
}

[RegisterConverter]
internal sealed class ChildAccountConverter : IConverter<ChildAccount, ChildAccountWire>
{
    public ChildAccount ConvertFromSurrogate(in ChildAccountWire wire) => new()
    {
        Name = wire.Name,
        Kind = wire.Kind,
        OpenedSequence = wire.OpenedSequence,
        OpenedAt = wire.OpenedAt,
        ClosedAt = wire.ClosedAt,
        Carved = wire.Carved,
        CarveNumber = wire.CarveNumber,
        Spent = wire.Spent,
        Breakdown = wire.Breakdown,
    };

    public ChildAccountWire ConvertToSurrogate(in ChildAccount value) => new()
    {
        Name = value.Name,
        Kind = value.Kind,
        OpenedSequence = value.OpenedSequence,
        OpenedAt = value.OpenedAt,
        ClosedAt = value.ClosedAt,
        Carved = value.Carved,
        CarveNumber = value.CarveNumber,
        Spent = value.Spent,
        Breakdown = value.Breakdown,
    };
}

[GenerateSerializer, Alias(WireNames.CarveOrigin)]
internal struct CarveOriginWire
{
    [Id(0)] public string ParentId;
    [Id(1)] public long CarveId;
    [Id(2)] public int AcceptedNumber;
    [Id(3)] public bool ReturnAcknowledged;
    [Id(4)] public long ForwardedThrough;
    [Id(5)] public long LastLateSequence;
    [Id(6)] public Money SealedSpent;
    [Id(7)] public Breakdown? SealedBreakdown;
}

[RegisterConverter]
internal sealed class CarveOriginConverter : IConverter<CarveOrigin, CarveOriginWire>
{
    public CarveOrigin ConvertFromSurrogate(in CarveOriginWire wire) => new()
    {
        ParentId = wire.ParentId,
        CarveId = wire.CarveId,
        AcceptedNumber = wire.AcceptedNumber,
        ReturnAcknowledged = wire.ReturnAcknowledged,
        ForwardedThrough = wire.ForwardedThrough,
        LastLateSequence = wire.LastLateSequence,
        SealedSpent = wire.SealedSpent,
        SealedBreakdown = wire.SealedBreakdown,
    };

    public CarveOriginWire ConvertToSurrogate(in CarveOrigin value) => new()
    {
        ParentId = value.ParentId,
        CarveId = value.CarveId,
        AcceptedNumber = value.AcceptedNumber,
        ReturnAcknowledged = value.ReturnAcknowledged,
        ForwardedThrough = value.ForwardedThrough,
        LastLateSequence = value.LastLateSequence,
        SealedSpent = value.SealedSpent,
        SealedBreakdown = value.SealedBreakdown,
    };
}
