namespace AgentBudget.Ledger.Tests;

/// <summary>
/// All that follows from a plain list of facts, computed anew from the whole list each time. No running totals: nothing here can drift
/// in the way that a ledger could. Amounts are nano-dollars, fractions whole percents, so that no arithmetic is shared with the ledger.
/// </summary>
internal sealed class Picture
{
    private readonly IReadOnlyList<Happening> facts;

    public Picture(IReadOnlyList<Happening> facts)
    {
        this.facts = facts;
        Options = facts.Count == 0 ? null : ((OpenCommand)facts[0].Intent!).Options;
        Open = facts.Where(fact => fact.Kind == EntryKind.Reserved && !facts.Any(other => Ends(other, fact))).Select(WithGrowth).ToList();
        Budget = BudgetOf(facts);
        Spent = facts.Where(IsSpend).Sum(fact => fact.Amount);
        Reserved = Open.Sum(fact => fact.Amount);
    }

    public BudgetSessionOptions? Options { get; }

    public IReadOnlyList<Happening> Open { get; }

    public long Budget { get; }

    public long Spent { get; }

    public long Reserved { get; }

    public long Settled => Math.Min(Spent, Budget - Reserved);

    public long Overage => Spent - Settled;

    public long Available => Budget - Reserved - Settled;

    public EndReason End => facts.FirstOrDefault(fact => fact.Kind == EntryKind.Ended)?.End ?? EndReason.None;

    public OpenReason Opened => facts.LastOrDefault(fact => fact.Closes || fact.Opens != OpenReason.None)?.Opens ?? OpenReason.None;

    public PauseSources PausedBy => SourceIfPausing(PauseSources.Operator) | SourceIfPausing(PauseSources.Parent);

    public bool IsHeld => Opened != OpenReason.None || PausedBy != PauseSources.None;

    public bool IsObserving => Options!.Mode == SessionMode.Observe;

    /// <summary>Whether spent has reached the hard limit, or there is overage.</summary>
    public bool IsHardLimitMet => Options is not null && (Spent * 100 >= Budget * Percent(Options.HardLimit) || Overage > 0);

    public bool IsBeyondHardLimit => Spent * 100 > Budget * Percent(Options!.HardLimit);

    /// <summary>Whether the next time that the hard limit is met is news.</summary>
    public bool IsHardLimitArmed
    {
        get
        {
            var fired = facts.LastOrDefault(fact => fact.Hard)?.Number ?? 0;
            return fired == 0 || facts.Any(fact => fact.Number > fired && Arms(fact));
        }
    }

    public Standing Standing =>
        new(
            facts.Count,
            Money.FromNanoDollars(Budget),
            Money.FromNanoDollars(Spent),
            Money.FromNanoDollars(Reserved),
            new BreakerStatus(Opened, PausedBy),
            End
        );

    public int SoftLimitsMet => Options!.SoftLimits.Select((limit, index) => Spent * 100 >= Budget * Percent(limit) ? 1 << index : 0).Sum();

    /// <summary>The most that may be settled and reserved by calls of this kind.</summary>
    public long Ceiling(bool isFinal) =>
        Budget * (Percent(Options!.HardLimit) - (isFinal ? 0 : Percent(Options.FinalizationReserve))) / 100;

    /// <summary>What a call of this kind could have now.</summary>
    public long Room(bool isFinal) => Math.Max(0, Math.Min(Ceiling(isFinal) - Settled - Reserved, Available));

    public DateTimeOffset UntilOf(Happening reservation) =>
        facts
            .Where(fact => fact.Kind == EntryKind.Extended && fact.About == reservation.Number)
            .Append(reservation)
            .Max(fact => fact.Until!.Value);

    /// <summary>When the session ends by itself.</summary>
    public DateTimeOffset EndDue
    {
        get
        {
            var lastAsked = facts.Last(fact => fact.Kind is not (EntryKind.Expired or EntryKind.Ended)).At;
            var idle = Open.Count > 0 ? DateTimeOffset.MaxValue : lastAsked + Options!.IdleTimeout;
            var old = Options!.TimeToLive is { } timeToLive ? facts[0].At + timeToLive : DateTimeOffset.MaxValue;
            return old < idle ? old : idle;
        }
    }

    // All that is set aside for it.
    private Happening WithGrowth(Happening reservation) =>
        reservation with
        {
            Amount =
                reservation.Amount
                + facts.Where(fact => fact.Kind == EntryKind.Grown && fact.About == reservation.Number).Sum(fact => fact.Amount),
        };

    private static bool Ends(Happening fact, Happening reservation) =>
        fact.Kind is EntryKind.Settled or EntryKind.Released or EntryKind.Expired && fact.About == reservation.Number;

    private static bool IsSpend(Happening fact) =>
        fact.Kind is EntryKind.Settled or EntryKind.Charged || fact is { Kind: EntryKind.Corrected, MovesBudget: false };

    private static long BudgetOf(IReadOnlyList<Happening> facts)
    {
        var set = facts.LastOrDefault(fact => fact.Kind is EntryKind.Opened or EntryKind.BudgetSet);
        return set is null
            ? 0
            : set.Amount
                + facts
                    .Where(fact =>
                        fact.Number > set.Number
                        && (fact.Kind == EntryKind.ToppedUp || fact is { Kind: EntryKind.Corrected, MovesBudget: true })
                    )
                    .Sum(fact => fact.Amount);
    }

    // An operator's hand that leaves room arms the hard limit again.
    private static bool Arms(Happening fact) =>
        !fact.LimitMetAfter
        && (
            fact.Kind is EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.Corrected || (fact.Kind == EntryKind.Resumed && fact.Closes)
        );

    private static long Percent(decimal fraction) => (long)(fraction * 100);

    private PauseSources SourceIfPausing(PauseSources source) =>
        facts.LastOrDefault(fact => fact.Who == source)?.Kind == EntryKind.Paused ? source : PauseSources.None;
}
