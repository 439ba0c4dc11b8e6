namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.OpenCommand)]
internal struct OpenCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public BudgetSessionOptions Options;
    [Id(3)] public CarveOrigin? Origin;
}

[RegisterConverter]
internal sealed class OpenCommandConverter : IConverter<OpenCommand, OpenCommandWire>
{
    public OpenCommand ConvertFromSurrogate(in OpenCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Options = wire.Options,
        Origin = wire.Origin,
    };

    public OpenCommandWire ConvertToSurrogate(in OpenCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Options = value.Options,
        Origin = value.Origin,
    };
}

[GenerateSerializer, Alias(WireNames.OpenSharedChildCommand)]
internal struct OpenSharedChildCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public string Child;
}

[RegisterConverter]
internal sealed class OpenSharedChildCommandConverter : IConverter<OpenSharedChildCommand, OpenSharedChildCommandWire>
{
    public OpenSharedChildCommand ConvertFromSurrogate(in OpenSharedChildCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Child = wire.Child,
    };

    public OpenSharedChildCommandWire ConvertToSurrogate(in OpenSharedChildCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Child = value.Child,
    };
}

[GenerateSerializer, Alias(WireNames.CloseSharedChildCommand)]
internal struct CloseSharedChildCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public string Child;
}

[RegisterConverter]
internal sealed class CloseSharedChildCommandConverter : IConverter<CloseSharedChildCommand, CloseSharedChildCommandWire>
{
    public CloseSharedChildCommand ConvertFromSurrogate(in CloseSharedChildCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Child = wire.Child,
    };

    public CloseSharedChildCommandWire ConvertToSurrogate(in CloseSharedChildCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Child = value.Child,
    };
}

[GenerateSerializer, Alias(WireNames.CarveCommand)]
internal struct CarveCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public string Child;
    [Id(3)] public Money Amount;
    [Id(4)] public bool IsTopUp;
}

[RegisterConverter]
internal sealed class CarveCommandConverter : IConverter<CarveCommand, CarveCommandWire>
{
    public CarveCommand ConvertFromSurrogate(in CarveCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Child = wire.Child,
        Amount = wire.Amount,
        IsTopUp = wire.IsTopUp,
    };

    public CarveCommandWire ConvertToSurrogate(in CarveCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Child = value.Child,
        Amount = value.Amount,
        IsTopUp = value.IsTopUp,
    };
}

[GenerateSerializer, Alias(WireNames.ReturnCarveCommand)]
internal struct ReturnCarveCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public string Child;
    [Id(3)] public long CarveId;
    [Id(4)] public Money Spent;
    [Id(5)] public Breakdown Breakdown;
}

[RegisterConverter]
internal sealed class ReturnCarveCommandConverter : IConverter<ReturnCarveCommand, ReturnCarveCommandWire>
{
    public ReturnCarveCommand ConvertFromSurrogate(in ReturnCarveCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Child = wire.Child,
        CarveId = wire.CarveId,
        Spent = wire.Spent,
        Breakdown = wire.Breakdown,
    };

    public ReturnCarveCommandWire ConvertToSurrogate(in ReturnCarveCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Child = value.Child,
        CarveId = value.CarveId,
        Spent = value.Spent,
        Breakdown = value.Breakdown,
    };
}

[GenerateSerializer, Alias(WireNames.SealCommand)]
internal struct SealCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public string ParentId;
    [Id(3)] public long CarveId;
    [Id(4)] public bool EvenIfOpen;
}

[RegisterConverter]
internal sealed class SealCommandConverter : IConverter<SealCommand, SealCommandWire>
{
    public SealCommand ConvertFromSurrogate(in SealCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        ParentId = wire.ParentId,
        CarveId = wire.CarveId,
        EvenIfOpen = wire.EvenIfOpen,
    };

    public SealCommandWire ConvertToSurrogate(in SealCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        ParentId = value.ParentId,
        CarveId = value.CarveId,
        EvenIfOpen = value.EvenIfOpen,
    };
}
