namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.TopUpCommand)]
internal struct TopUpCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public Money Amount;
    [Id(3)] public string? Reason;
    [Id(4)] public int CarveNumber;
}

[RegisterConverter]
internal sealed class TopUpCommandConverter : IConverter<TopUpCommand, TopUpCommandWire>
{
    public TopUpCommand ConvertFromSurrogate(in TopUpCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Amount = wire.Amount,
        Reason = wire.Reason,
        CarveNumber = wire.CarveNumber,
    };

    public TopUpCommandWire ConvertToSurrogate(in TopUpCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Amount = value.Amount,
        Reason = value.Reason,
        CarveNumber = value.CarveNumber,
    };
}

[GenerateSerializer, Alias(WireNames.SetBudgetCommand)]
internal struct SetBudgetCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public Money Budget;
    [Id(3)] public string? Reason;
}

[RegisterConverter]
internal sealed class SetBudgetCommandConverter : IConverter<SetBudgetCommand, SetBudgetCommandWire>
{
    public SetBudgetCommand ConvertFromSurrogate(in SetBudgetCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Budget = wire.Budget,
        Reason = wire.Reason,
    };

    public SetBudgetCommandWire ConvertToSurrogate(in SetBudgetCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Budget = value.Budget,
        Reason = value.Reason,
    };
}

[GenerateSerializer, Alias(WireNames.CorrectCommand)]
internal struct CorrectCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public long EntrySequence;
    [Id(3)] public Money Difference;
    [Id(4)] public string Reason;
}

[RegisterConverter]
internal sealed class CorrectCommandConverter : IConverter<CorrectCommand, CorrectCommandWire>
{
    public CorrectCommand ConvertFromSurrogate(in CorrectCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        EntrySequence = wire.EntrySequence,
        Difference = wire.Difference,
        Reason = wire.Reason,
    };

    public CorrectCommandWire ConvertToSurrogate(in CorrectCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        EntrySequence = value.EntrySequence,
        Difference = value.Difference,
        Reason = value.Reason,
    };
}

[GenerateSerializer, Alias(WireNames.PauseCommand)]
internal struct PauseCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public PauseSources Source;
    [Id(3)] public string? Reason;
}

[RegisterConverter]
internal sealed class PauseCommandConverter : IConverter<PauseCommand, PauseCommandWire>
{
    public PauseCommand ConvertFromSurrogate(in PauseCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Source = wire.Source,
        Reason = wire.Reason,
    };

    public PauseCommandWire ConvertToSurrogate(in PauseCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Source = value.Source,
        Reason = value.Reason,
    };
}

[GenerateSerializer, Alias(WireNames.ResumeCommand)]
internal struct ResumeCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public PauseSources Source;
    [Id(3)] public string? Reason;
}

[RegisterConverter]
internal sealed class ResumeCommandConverter : IConverter<ResumeCommand, ResumeCommandWire>
{
    public ResumeCommand ConvertFromSurrogate(in ResumeCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        Source = wire.Source,
        Reason = wire.Reason,
    };

    public ResumeCommandWire ConvertToSurrogate(in ResumeCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        Source = value.Source,
        Reason = value.Reason,
    };
}

[GenerateSerializer, Alias(WireNames.CloseCommand)]
internal struct CloseCommandWire
{
    [Id(0)] public string? Key;
    [Id(1)] public bool IsKeyFresh;
    [Id(2)] public bool IsStop;
    [Id(3)] public string? Reason;
}

[RegisterConverter]
internal sealed class CloseCommandConverter : IConverter<CloseCommand, CloseCommandWire>
{
    public CloseCommand ConvertFromSurrogate(in CloseCommandWire wire) => new()
    {
        Key = wire.Key,
        IsKeyFresh = wire.IsKeyFresh,
        IsStop = wire.IsStop,
        Reason = wire.Reason,
    };

    public CloseCommandWire ConvertToSurrogate(in CloseCommand value) => new()
    {
        Key = value.Key,
        IsKeyFresh = value.IsKeyFresh,
        IsStop = value.IsStop,
        Reason = value.Reason,
    };
}
