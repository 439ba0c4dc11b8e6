namespace AgentBudget.Orleans.Storage.Json;

/// <summary>What of a head changes and does not stand in columns of its own. Names are names in stored data.</summary>
internal sealed record HeadDetail
{
    public long OpenedBodyHash { get; init; }

    public bool HardLimitFired { get; init; }

    public long FirstSoftLimit { get; init; }

    public long BreakerOpened { get; init; }

    public long LastRelated { get; init; }

    public string? PriceTable { get; init; }

    public CategoryDetail[]? Breakdown { get; init; }

    public ChildDetail[]? Children { get; init; }

    public long ChildrenTotal { get; init; }

    public OriginDetail? Origin { get; init; }

    public SessionHead AddTo(SessionHead head) => head with
    {
        OpenedBodyHash = OpenedBodyHash,
        HardLimitFired = HardLimitFired,
        FirstSoftLimitSequence = FirstSoftLimit,
        BreakerOpenedSequence = BreakerOpened,
        LastRelatedSequence = LastRelated,
        PriceTableVersion = PriceTable,
        Breakdown = CategoryDetail.ToBreakdown(Breakdown),
        Children = (Children ?? []).Select(child => child.ToChild()).ToArray(),
        ChildrenTotal = ChildrenTotal,
        Origin = Origin?.ToOrigin(),
    };
}

/// <summary>A child.</summary>
internal sealed record ChildDetail
{
    public string Name { get; init; } = "";

    public ChildKind Kind { get; init; }

    public long Opened { get; init; }

    public long OpenedAt { get; init; }

    public long ClosedAt { get; init; }

    public long CarvedNanoUsd { get; init; }

    public int CarveNumber { get; init; }

    public long SpentNanoUsd { get; init; }

    public CategoryDetail[]? Breakdown { get; init; }

    public static ChildDetail From(ChildAccount child) => new()
    {
        Name = child.Name,
        Kind = child.Kind,
        Opened = child.OpenedSequence,
        OpenedAt = child.OpenedAt.UtcTicks,
        ClosedAt = child.ClosedAt?.UtcTicks ?? 0,
        CarvedNanoUsd = child.Carved.NanoDollars,
        CarveNumber = child.CarveNumber,
        SpentNanoUsd = child.Spent.NanoDollars,
        Breakdown = child.Breakdown.Categories.Count == 0 ? null : CategoryDetail.From(child.Breakdown),
    };

    public ChildAccount ToChild() => new()
    {
        Name = Name,
        Kind = Kind,
        OpenedSequence = Opened,
        OpenedAt = LedgerJson.Time(OpenedAt),
        ClosedAt = ClosedAt == 0 ? null : LedgerJson.Time(ClosedAt),
        Carved = Money.FromNanoDollars(CarvedNanoUsd),
        CarveNumber = CarveNumber,
        Spent = Money.FromNanoDollars(SpentNanoUsd),
        Breakdown = CategoryDetail.ToBreakdown(Breakdown),
    };
}
