namespace AgentBudget.Ledger;

/// <summary>A head on its way to the next one: what an entry can change, gathered so that the head is copied once.</summary>
internal struct HeadChange(SessionHead head)
{
    public BudgetSessionOptions? Options = head.Options;
    public long OpenedBodyHash = head.OpenedBodyHash;

    /// <summary>When it was opened, or has ended, where the entry does that.</summary>
    public DateTimeOffset? OpenedAt;
    public DateTimeOffset? EndedAt;
    public DateTimeOffset LastActivityAt = head.LastActivityAt;
    public EndReason End = head.End;
    public Money Budget = head.Budget;
    public Money Spent = head.Spent;
    public Money Reserved = head.Reserved;
    public BreakerStatus Breaker = head.Breaker;
    public bool HardLimitFired = head.HardLimitFired;
    public Breakdown Breakdown = head.Breakdown;
    public string? PriceTableVersion = head.PriceTableVersion;
    public HeadFamily? Family = head.Family;

    public IReadOnlyList<ChildAccount> Children
    {
        readonly get => Family?.Children ?? [];
        set => Family = (Family ?? HeadFamily.None) with { Children = value };
    }

    public long ChildrenTotal
    {
        readonly get => Family?.ChildrenTotal ?? 0;
        set => Family = (Family ?? HeadFamily.None) with { ChildrenTotal = value };
    }

    /// <summary>The next head.</summary>
    public readonly SessionHead Apply(SessionHead head, Entry entry)
    {
        var next = Next(head, entry);
        return OpenedAt is null && EndedAt is null
            ? next
            : next with
            {
                OpenedAt = OpenedAt ?? head.OpenedAt,
                EndedAt = EndedAt ?? head.EndedAt,
            };
    }

    private readonly SessionHead Next(SessionHead head, Entry entry) =>
        head with
        {
            Sequence = entry.Sequence,
            LastEntryAt = entry.At,
            LastRelatedSequence = entry.IsRelatedLookup ? entry.Sequence : head.LastRelatedSequence,
            LastEventSequence = BudgetEvents.Any(entry) ? entry.Sequence : head.LastEventSequence,
            BreakerOpenedSequence = entry.OpenReason != OpenReason.None ? entry.Sequence : head.BreakerOpenedSequence,
            FirstSoftLimitSequence =
                head.FirstSoftLimitSequence == 0 && entry.SoftLimitsCrossed != 0 ? entry.Sequence : head.FirstSoftLimitSequence,
            Options = Options,
            OpenedBodyHash = OpenedBodyHash,
            LastActivityAt = LastActivityAt,
            End = End,
            Budget = Budget,
            Spent = Spent,
            Reserved = Reserved,
            Breaker = Breaker,
            HardLimitFired = HardLimitFired,
            Breakdown = Breakdown,
            PriceTableVersion = PriceTableVersion,
            Family = Family?.OrNull(),
        };
}
