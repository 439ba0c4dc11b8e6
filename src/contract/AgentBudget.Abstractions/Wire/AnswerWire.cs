namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.Refusal)]
internal struct RefusalWire
{
    [Id(0)] public RefusalReason Reason;
    [Id(1)] public Money Available;
    [Id(2)] public TimeSpan? RetryAfter;
    [Id(3)] public LoopEvidence? Loop;
}

[RegisterConverter]
internal sealed class RefusalConverter : IConverter<Refusal, RefusalWire>
{
    public Refusal ConvertFromSurrogate(in RefusalWire wire) => new(wire.Reason, wire.Available, wire.RetryAfter, wire.Loop);

    public RefusalWire ConvertToSurrogate(in Refusal value) => new()
    {
        Reason = value.Reason,
        Available = value.Available,
        RetryAfter = value.RetryAfter,
        Loop = value.Loop,
    };
}

[GenerateSerializer, Alias(WireNames.SessionAnswer)]
internal struct SessionAnswerWire
{
    [Id(0)] public Standing Standing;
    [Id(1)] public long EntrySequence;
    [Id(2)] public Refusal? Refusal;
    [Id(3)] public Money Amount;
    [Id(4)] public DateTimeOffset? ExpiresAt;
    [Id(5)] public EntrySignals Signals;
    [Id(6)] public int SoftLimitsCrossed;
    [Id(7)] public RefusalReason WouldRefuse;
    [Id(8)] public bool IsReplay;
    [Id(9)] public int CarveNumber;
    [Id(10)] public LoopEvidence? Loop;
}

[RegisterConverter]
internal sealed class SessionAnswerConverter : IConverter<SessionAnswer, SessionAnswerWire>
{
    public SessionAnswer ConvertFromSurrogate(in SessionAnswerWire wire) => new()
    {
        Standing = wire.Standing,
        EntrySequence = wire.EntrySequence,
        Refusal = wire.Refusal,
        Amount = wire.Amount,
        ExpiresAt = wire.ExpiresAt,
        Signals = wire.Signals,
        SoftLimitsCrossed = wire.SoftLimitsCrossed,
        WouldRefuse = wire.WouldRefuse,
        IsReplay = wire.IsReplay,
        CarveNumber = wire.CarveNumber,
        Loop = wire.Loop,
    };

    public SessionAnswerWire ConvertToSurrogate(in SessionAnswer value) => new()
    {
        Standing = value.Standing,
        EntrySequence = value.EntrySequence,
        Refusal = value.Refusal,
        Amount = value.Amount,
        ExpiresAt = value.ExpiresAt,
        Signals = value.Signals,
        SoftLimitsCrossed = value.SoftLimitsCrossed,
        WouldRefuse = value.WouldRefuse,
        IsReplay = value.IsReplay,
        CarveNumber = value.CarveNumber,
        Loop = value.Loop,
    };
}
