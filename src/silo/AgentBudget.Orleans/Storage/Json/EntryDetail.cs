using System.Text.Json.Serialization;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>
/// What of an entry does not stand in columns of its own. The names of its properties are names in stored data: adding is allowed,
/// renaming is not.
/// </summary>
internal sealed record EntryDetail
{
    public CallDetail? Call { get; init; }

    public string? Child { get; init; }

    public long ExpiresAt { get; init; }

    public EntrySignals Signals { get; init; }

    public int SoftLimits { get; init; }

    public RefusalReason WouldRefuse { get; init; }

    public OpenReason OpenReason { get; init; }

    public PauseSources PauseSource { get; init; }

    public EndReason End { get; init; }

    public OpenReason BreakerAfter { get; init; }

    public PauseSources PausedAfter { get; init; }

    public EndReason EndAfter { get; init; }

    public string? Reason { get; init; }

    public int CarveNumber { get; init; }

    public CategoryDetail[]? Breakdown { get; init; }

    public LoopDetail? Loop { get; init; }

    public OptionsDetail? Options { get; init; }

    public OriginDetail? Origin { get; init; }
}

/// <summary>A call.</summary>
internal sealed record CallDetail
{
    public CallKind Kind { get; init; }

    public string Name { get; init; } = "";

    public string? Provider { get; init; }

    public string? Agent { get; init; }

    public ulong Fingerprint { get; init; }

    [JsonConverter(typeof(UsageConverter))]
    public TokenUsage Usage { get; init; }

    public string? PriceRow { get; init; }

    public string? PriceTable { get; init; }

    public CostSource Source { get; init; }

    public ulong Sketch { get; init; }

    public ulong Result { get; init; }

    public bool Failed { get; init; }

    public bool AfterUser { get; init; }

    public Call ToCall() => new()
    {
        Kind = Kind,
        Name = Name,
        Provider = Provider,
        Agent = Agent,
        Fingerprint = Fingerprint,
        Usage = Usage,
        PriceRow = PriceRow,
        PriceTableVersion = PriceTable,
        Source = Source,
        Sketch = Sketch,
        Result = Result,
        Failed = Failed,
        AfterUser = AfterUser,
    };
}

/// <summary>One category of a breakdown; the total in nano-dollars.</summary>
internal sealed record CategoryDetail
{
    public CallKind Kind { get; init; }

    public string Name { get; init; } = "";

    public long TotalNanoUsd { get; init; }

    public long Calls { get; init; }

    [JsonConverter(typeof(UsageConverter))]
    public TokenUsage Usage { get; init; }

    public static CategoryDetail[] From(Breakdown breakdown)
    {
        var details = new CategoryDetail[breakdown.Categories.Count];
        for (var i = 0; i < details.Length; i++)
        {
            var category = breakdown.Categories[i];
            details[i] = new CategoryDetail
            {
                Kind = category.Kind,
                Name = category.Name,
                TotalNanoUsd = category.Total.NanoDollars,
                Calls = category.Calls,
                Usage = category.Usage,
            };
        }

        return details;
    }

    public static Breakdown ToBreakdown(CategoryDetail[]? details) => Breakdown.From((details ?? []).Select(detail =>
        new CategoryTotal(detail.Kind, detail.Name, Money.FromNanoDollars(detail.TotalNanoUsd), detail.Calls, detail.Usage)));
}

/// <summary>Where a carved child's money comes from.</summary>
internal sealed record OriginDetail
{
    public string ParentId { get; init; } = "";

    public long CarveId { get; init; }

    public int AcceptedNumber { get; init; }

    public bool ReturnAcknowledged { get; init; }

    public long ForwardedThrough { get; init; }

    public long LastLateSequence { get; init; }

    public long SealedSpentNanoUsd { get; init; }

    public CategoryDetail[]? SealedBreakdown { get; init; }

    public static OriginDetail? From(CarveOrigin? origin) => origin is null ? null : new OriginDetail
    {
        ParentId = origin.ParentId,
        CarveId = origin.CarveId,
        AcceptedNumber = origin.AcceptedNumber,
        ReturnAcknowledged = origin.ReturnAcknowledged,
        ForwardedThrough = origin.ForwardedThrough,
        LastLateSequence = origin.LastLateSequence,
        SealedSpentNanoUsd = origin.SealedSpent.NanoDollars,
        SealedBreakdown = origin.SealedBreakdown is null ? null : CategoryDetail.From(origin.SealedBreakdown),
    };

    public CarveOrigin ToOrigin() => new()
    {
        ParentId = ParentId,
        CarveId = CarveId,
        AcceptedNumber = AcceptedNumber,
        ReturnAcknowledged = ReturnAcknowledged,
        ForwardedThrough = ForwardedThrough,
        LastLateSequence = LastLateSequence,
        SealedSpent = Money.FromNanoDollars(SealedSpentNanoUsd),
        SealedBreakdown = SealedBreakdown is null ? null : CategoryDetail.ToBreakdown(SealedBreakdown),
    };
}
