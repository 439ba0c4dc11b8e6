namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.SessionReport)]
internal struct SessionReportWire
{
    [Id(0)] public string SessionId;
    [Id(1)] public string? Child;
    [Id(2)] public Standing Standing;
    [Id(3)] public SessionMode Mode;
    [Id(4)] public Money TotalSpent;
    [Id(5)] public Money Remaining;
    [Id(6)] public Money Reserved;
    [Id(7)] public Breakdown Breakdown;
    [Id(8)] public DateTimeOffset OpenedAt;
    [Id(9)] public DateTimeOffset? EndedAt;
    [Id(10)] public TimeSpan Duration;
    [Id(11)] public string? TerminatedBy;
    [Id(12)] public string? Tenant;
    [Id(13)] public string? Agent;
    [Id(14)] public Dictionary<string, string> Tags;
    [Id(15)] public ChildAccount[] Children;
    [Id(16)] public long ChildrenTotal;
    [Id(17)] public string? PriceTableVersion;
    [Id(18)] public long FirstSoftLimitSequence;
    [Id(19)] public long BreakerOpenedSequence;
    [Id(20)] public Entry[] Events;
}

[RegisterConverter]
internal sealed class SessionReportConverter : IConverter<SessionReport, SessionReportWire>
{
    public SessionReport ConvertFromSurrogate(in SessionReportWire wire) => new()
    {
        SessionId = wire.SessionId,
        Child = wire.Child,
        Standing = wire.Standing,
        Mode = wire.Mode,
        TotalSpent = wire.TotalSpent,
        Remaining = wire.Remaining,
        Reserved = wire.Reserved,
        Breakdown = wire.Breakdown,
        OpenedAt = wire.OpenedAt,
        EndedAt = wire.EndedAt,
        Duration = wire.Duration,
        TerminatedBy = wire.TerminatedBy,
        Tenant = wire.Tenant,
        Agent = wire.Agent,
        Tags = wire.Tags,
        Children = wire.Children,
        ChildrenTotal = wire.ChildrenTotal,
        PriceTableVersion = wire.PriceTableVersion,
        FirstSoftLimitSequence = wire.FirstSoftLimitSequence,
        BreakerOpenedSequence = wire.BreakerOpenedSequence,
        Events = wire.Events,
    };

    public SessionReportWire ConvertToSurrogate(in SessionReport value) => new()
    {
        SessionId = value.SessionId,
        Child = value.Child,
        Standing = value.Standing,
        Mode = value.Mode,
        TotalSpent = value.TotalSpent,
        Remaining = value.Remaining,
        Reserved = value.Reserved,
        Breakdown = value.Breakdown,
        OpenedAt = value.OpenedAt,
        EndedAt = value.EndedAt,
        Duration = value.Duration,
        TerminatedBy = value.TerminatedBy,
        Tenant = value.Tenant,
        Agent = value.Agent,
        Tags = new(value.Tags),
        Children = [.. value.Children],
        ChildrenTotal = value.ChildrenTotal,
        PriceTableVersion = value.PriceTableVersion,
        FirstSoftLimitSequence = value.FirstSoftLimitSequence,
        BreakerOpenedSequence = value.BreakerOpenedSequence,
        Events = [.. value.Events],
    };
}
