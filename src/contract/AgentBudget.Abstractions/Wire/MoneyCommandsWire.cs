namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.ReserveCommand)]
internal struct ReserveCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public Money Amount;
    [Id(3)] public Call Call;
    [Id(4)] public Money? LeastAmount;
    [Id(5)] public bool IsFinal;
    [Id(6)] public TimeSpan TimeToLive;
    [Id(7)] public string? Child;
    [Id(8)] public bool IsByUsage;
}

[RegisterConverter]
internal sealed class ReserveCommandConverter : IConverter<ReserveCommand, ReserveCommandWire>
{
    public ReserveCommand ConvertFromSurrogate(in ReserveCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Amount = AmountToCome.FromWire(wire.Amount, wire.IsByUsage),
        IsByUsage = wire.IsByUsage,
        Call = wire.Call,
        LeastAmount = wire.LeastAmount,
        IsFinal = wire.IsFinal,
        TimeToLive = wire.TimeToLive,
        Child = wire.Child,
    };

    public ReserveCommandWire ConvertToSurrogate(in ReserveCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Amount = AmountToCome.ToWire(value.Amount, value.IsByUsage),
        IsByUsage = value.IsByUsage,
        Call = value.Call,
        LeastAmount = value.LeastAmount,
        IsFinal = value.IsFinal,
        TimeToLive = value.TimeToLive,
        Child = value.Child,
    };
}

[GenerateSerializer, Alias(WireNames.SettleCommand)]
internal struct SettleCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public long ReservationId;
    [Id(3)] public Money Cost;
    [Id(4)] public Call? Call;
    [Id(5)] public bool IsByUsage;
}

[RegisterConverter]
internal sealed class SettleCommandConverter : IConverter<SettleCommand, SettleCommandWire>
{
    public SettleCommand ConvertFromSurrogate(in SettleCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        ReservationId = wire.ReservationId,
        Cost = AmountToCome.FromWire(wire.Cost, wire.IsByUsage),
        IsByUsage = wire.IsByUsage,
        Call = wire.Call,
    };

    public SettleCommandWire ConvertToSurrogate(in SettleCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        ReservationId = value.ReservationId,
        Cost = AmountToCome.ToWire(value.Cost, value.IsByUsage),
        IsByUsage = value.IsByUsage,
        Call = value.Call,
    };
}

[GenerateSerializer, Alias(WireNames.ReleaseCommand)]
internal struct ReleaseCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public long ReservationId;
    [Id(3)] public ulong Error;
}

[RegisterConverter]
internal sealed class ReleaseCommandConverter : IConverter<ReleaseCommand, ReleaseCommandWire>
{
    public ReleaseCommand ConvertFromSurrogate(in ReleaseCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        ReservationId = wire.ReservationId,
        Error = wire.Error,
    };

    public ReleaseCommandWire ConvertToSurrogate(in ReleaseCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        ReservationId = value.ReservationId,
        Error = value.Error,
    };
}

[GenerateSerializer, Alias(WireNames.ExtendCommand)]
internal struct ExtendCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public long ReservationId;
    [Id(3)] public TimeSpan TimeToLive;
}

[RegisterConverter]
internal sealed class ExtendCommandConverter : IConverter<ExtendCommand, ExtendCommandWire>
{
    public ExtendCommand ConvertFromSurrogate(in ExtendCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        ReservationId = wire.ReservationId,
        TimeToLive = wire.TimeToLive,
    };

    public ExtendCommandWire ConvertToSurrogate(in ExtendCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        ReservationId = value.ReservationId,
        TimeToLive = value.TimeToLive,
    };
}

[GenerateSerializer, Alias(WireNames.ChargeCommand)]
internal struct ChargeCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public Money Cost;
    [Id(3)] public Call Call;
    [Id(4)] public string? Child;
    [Id(5)] public bool IsByUsage;
}

[RegisterConverter]
internal sealed class ChargeCommandConverter : IConverter<ChargeCommand, ChargeCommandWire>
{
    public ChargeCommand ConvertFromSurrogate(in ChargeCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Cost = AmountToCome.FromWire(wire.Cost, wire.IsByUsage),
        IsByUsage = wire.IsByUsage,
        Call = wire.Call,
        Child = wire.Child,
    };

    public ChargeCommandWire ConvertToSurrogate(in ChargeCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Cost = AmountToCome.ToWire(value.Cost, value.IsByUsage),
        IsByUsage = value.IsByUsage,
        Call = value.Call,
        Child = value.Child,
    };
}

/// <summary>
/// What travels in the place of an amount that is still to be found: a silo that does not know of such commands yet refuses a negative
/// amount, where it would take zero for a price.
/// </summary>
internal static class AmountToCome
{
    private static readonly Money Mark = Money.FromNanoDollars(-1);

    public static Money ToWire(Money amount, bool isByUsage) => isByUsage && amount == Money.Zero ? Mark : amount;

    public static Money FromWire(Money amount, bool isByUsage) => isByUsage && amount == Mark ? Money.Zero : amount;
}
