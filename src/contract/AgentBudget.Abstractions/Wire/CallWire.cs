namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.Call)]
internal struct CallWire
{
    [Id(0)] public CallKind Kind;
    [Id(1)] public string Name;
    [Id(2)] public string? Provider;
    [Id(3)] public string? Agent;
    [Id(4)] public ulong Fingerprint;
    [Id(5)] public TokenUsage Usage;
    [Id(6)] public string? PriceRow;
    [Id(7)] public string? PriceTableVersion;
    [Id(8)] public CostSource Source;
    [Id(9)] public ulong Sketch;
    [Id(10)] public ulong Result;
    [Id(11)] public bool Failed;
    [Id(12)] public bool AfterUser;
}

[RegisterConverter]
internal sealed class CallConverter : IConverter<Call, CallWire>
{
    public Call ConvertFromSurrogate(in CallWire wire) => new()
    {
        Kind = wire.Kind,
        Name = wire.Name,
        Provider = wire.Provider,
        Agent = wire.Agent,
        Fingerprint = wire.Fingerprint,
        Usage = wire.Usage,
        PriceRow = wire.PriceRow,
        PriceTableVersion = wire.PriceTableVersion,
        Source = wire.Source,
        Sketch = wire.Sketch,
        Result = wire.Result,
        Failed = wire.Failed,
        AfterUser = wire.AfterUser,
    };

    public CallWire ConvertToSurrogate(in Call value) => new()
    {
        Kind = value.Kind,
        Name = value.Name,
        Provider = value.Provider,
        Agent = value.Agent,
        Fingerprint = value.Fingerprint,
        Usage = value.Usage,
        PriceRow = value.PriceRow,
        PriceTableVersion = value.PriceTableVersion,
        Source = value.Source,
        Sketch = value.Sketch,
        Result = value.Result,
        Failed = value.Failed,
        AfterUser = value.AfterUser,
    };
}

[GenerateSerializer, Alias(WireNames.CategoryTotal)]
internal struct CategoryTotalWire
{
    [Id(0)] public CallKind Kind;
    [Id(1)] public string Name;
    [Id(2)] public Money Total;
    [Id(3)] public long Calls;
    [Id(4)] public TokenUsage Usage;
}

[RegisterConverter]
internal sealed class CategoryTotalConverter : IConverter<CategoryTotal, CategoryTotalWire>
{
    public CategoryTotal ConvertFromSurrogate(in CategoryTotalWire wire) => new(wire.Kind, wire.Name, wire.Total, wire.Calls, wire.Usage);

    public CategoryTotalWire ConvertToSurrogate(in CategoryTotal value) => new()
    {
        Kind = value.Kind,
        Name = value.Name,
        Total = value.Total,
        Calls = value.Calls,
        Usage = value.Usage,
    };
}

[GenerateSerializer, Alias(WireNames.Breakdown)]
internal struct BreakdownWire
{
    [Id(0)] public CategoryTotal[] Categories;
}

[RegisterConverter]
internal sealed class BreakdownConverter : IConverter<Breakdown, BreakdownWire>
{
    public Breakdown ConvertFromSurrogate(in BreakdownWire wire) => Breakdown.From(wire.Categories);

    public BreakdownWire ConvertToSurrogate(in Breakdown value) => new() { Categories = [.. value.Categories] };
}
