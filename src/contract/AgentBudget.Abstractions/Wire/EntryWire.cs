namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.Entry)]
internal struct EntryWire
{
    [Id(0)] public long Sequence;
    [Id(1)] public DateTimeOffset At;
    [Id(2)] public EntryKind Kind;
    [Id(3)] public string? Key;
    [Id(4)] public long BodyHash;
    [Id(5)] public Money Amount;
    [Id(6)] public Money Requested;
    [Id(7)] public long Related;
    [Id(8)] public Call? Call;
    [Id(9)] public string? Child;
    [Id(10)] public DateTimeOffset? ExpiresAt;
    [Id(11)] public EntrySignals Signals;
    [Id(12)] public int SoftLimitsCrossed;
    [Id(13)] public RefusalReason WouldRefuse;
    [Id(14)] public OpenReason OpenReason;
    [Id(15)] public PauseSources PauseSource;
    [Id(16)] public EndReason End;
    [Id(17)] public Standing After;
    [Id(18)] public string? Reason;
    [Id(19)] public int CarveNumber;
    [Id(20)] public Breakdown? Breakdown;
    [Id(21)] public LoopEvidence? Loop;
    [Id(22)] public BudgetSessionOptions? Options;
    [Id(23)] public CarveOrigin? Origin;
}

[RegisterConverter]
internal sealed class EntryConverter : IConverter<Entry, EntryWire>
{
    public Entry ConvertFromSurrogate(in EntryWire wire) => new()
    {
        Sequence = wire.Sequence,
        At = wire.At,
        Kind = wire.Kind,
        Key = wire.Key,
        BodyHash = wire.BodyHash,
        Amount = wire.Amount,
        Requested = wire.Requested,
        Related = wire.Related,
        Call = wire.Call,
        Child = wire.Child,
        ExpiresAt = wire.ExpiresAt,
        Signals = wire.Signals,
        SoftLimitsCrossed = wire.SoftLimitsCrossed,
        WouldRefuse = wire.WouldRefuse,
        OpenReason = wire.OpenReason,
        PauseSource = wire.PauseSource,
        End = wire.End,
        After = wire.After,
        Reason = wire.Reason,
        CarveNumber = wire.CarveNumber,
        Breakdown = wire.Breakdown,
        Loop = wire.Loop,
        Options = wire.Options,
        Origin = wire.Origin,
    };

    public EntryWire ConvertToSurrogate(in Entry value) => new()
    {
        Sequence = value.Sequence,
        At = value.At,
        Kind = value.Kind,
        Key = value.Key,
        BodyHash = value.BodyHash,
        Amount = value.Amount,
        Requested = value.Requested,
        Related = value.Related,
        Call = value.Call,
        Child = value.Child,
        ExpiresAt = value.ExpiresAt,
        Signals = value.Signals,
        SoftLimitsCrossed = value.SoftLimitsCrossed,
        WouldRefuse = value.WouldRefuse,
        OpenReason = value.OpenReason,
        PauseSource = value.PauseSource,
        End = value.End,
        After = value.After,
        Reason = value.Reason,
        CarveNumber = value.CarveNumber,
        Breakdown = value.Breakdown,
        Loop = value.Loop,
        Options = value.Options,
        Origin = value.Origin,
    };
}
