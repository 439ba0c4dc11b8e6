using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// All of a session that does not grow with its timeline: what its head row holds. Immutable; every entry gives a new one. Open
/// reservations and the loop window are kept beside it.
/// </summary>
public sealed record SessionHead
{
    // Ticks: a head is copied for every entry, and a DateTimeOffset is twice as large.
    private long openedAt;
    private long lastEntryAt;
    private long lastActivityAt;
    private long endedAt;

    /// <summary>The session's id.</summary>
    public required string SessionId { get; init; }

    /// <summary>What it was opened with; null before it is open.</summary>
    public BudgetSessionOptions? Options { get; init; }

    /// <summary>The hash of the command that opened it, to tell opening again from a conflict.</summary>
    public long OpenedBodyHash { get; init; }

    /// <summary>The number of the last entry.</summary>
    public long Sequence { get; init; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt
    {
        get => UtcTicks.ToTime(openedAt);
        init => openedAt = value.UtcTicks;
    }

    /// <summary>The time of the last entry; ledger time never goes back behind it.</summary>
    public DateTimeOffset LastEntryAt
    {
        get => UtcTicks.ToTime(lastEntryAt);
        init => lastEntryAt = value.UtcTicks;
    }

    /// <summary>When a caller last caused an entry; the idle time-out counts from here.</summary>
    public DateTimeOffset LastActivityAt
    {
        get => UtcTicks.ToTime(lastActivityAt);
        init => lastActivityAt = value.UtcTicks;
    }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt
    {
        get => UtcTicks.ToOptionalTime(endedAt);
        init => endedAt = UtcTicks.Of(value);
    }

    /// <summary>Why it ended, or none.</summary>
    public EndReason End { get; init; }

    /// <summary>Dollars that it may authorise.</summary>
    public Money Budget { get; init; }

    /// <summary>All real cost recorded.</summary>
    public Money Spent { get; init; }

    /// <summary>Money set aside.</summary>
    public Money Reserved { get; init; }

    /// <summary>Breaker and pause.</summary>
    public BreakerStatus Breaker { get; init; }

    /// <summary>Whether the hard-limit event has fired since it was last armed.</summary>
    public bool HardLimitFired { get; init; }

    /// <summary>The sequence of the first entry whose soft limit fired, 0 when none has.</summary>
    public long FirstSoftLimitSequence { get; init; }

    /// <summary>The sequence of the entry that last opened the breaker, 0 when none has.</summary>
    public long BreakerOpenedSequence { get; init; }

    /// <summary>Spend by model and tool.</summary>
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;

    /// <summary>Shared children that are open, and the last children of either kind that were closed. Carved ones that are open have rows
    /// of their own.</summary>
    public IReadOnlyList<ChildAccount> Children
    {
        get => Family?.Children ?? [];
        init => Family = ((Family ?? HeadFamily.None) with { Children = value }).OrNull();
    }

    /// <summary>Children ever opened.</summary>
    public long ChildrenTotal
    {
        get => Family?.ChildrenTotal ?? 0;
        init => Family = ((Family ?? HeadFamily.None) with { ChildrenTotal = value }).OrNull();
    }

    /// <summary>What it knows of its parent, when its money comes from another ledger.</summary>
    public ParentLink? Link
    {
        get => Family?.Link;
        init => Family = ((Family ?? HeadFamily.None) with { Link = value }).OrNull();
    }

    /// <summary>Operations under way that need another ledger; those that open children stand in the children's rows.</summary>
    public IReadOnlyList<Intent> Intents
    {
        get => Family?.Intents ?? [];
        init => Family = ((Family ?? HeadFamily.None) with { Intents = value }).OrNull();
    }

    /// <summary>How many holders have money of this ledger.</summary>
    public int OpenHolders
    {
        get => Family?.OpenHolders ?? 0;
        init => Family = ((Family ?? HeadFamily.None) with { OpenHolders = value }).OrNull();
    }

    /// <summary>The number of the last change of a hold: what holders go by.</summary>
    public long HoldNumber
    {
        get => Family?.HoldNumber ?? 0;
        init => Family = ((Family ?? HeadFamily.None) with { HoldNumber = value }).OrNull();
    }

    /// <summary>Settings and windows, when it is a tenant's ledger.</summary>
    public TenantState? Tenant
    {
        get => Family?.Tenant;
        init => Family = ((Family ?? HeadFamily.None) with { Tenant = value }).OrNull();
    }

    /// <summary>Children, link, intents, holders and holds in one place; null while they are nothing, as for most sessions.</summary>
    internal HeadFamily? Family { get; init; }

    /// <summary>The opening names this life of the id: after a purge the same id may be opened anew, and is another ledger.</summary>
    public long Life => IsOpened ? openedAt : 0;

    /// <summary>Whether it takes no new money any more: it has ended, or waits for its holders to end.</summary>
    public bool IsOver
    {
        get
        {
            if (End != EndReason.None)
                return true;
            for (var i = 0; i < Intents.Count; i++)
            {
                if (Intents[i].Kind == IntentKind.End)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether its money comes from a parent, and none of it has arrived.</summary>
    public bool AwaitsFirstGrant =>
        Link is { IsParentGone: false, IsCarved: true } link && link.Granted == Money.Zero && End == EndReason.None;

    /// <summary>The last entry that look-ups of other entries depend on: an end of a reservation, a late charge, a correction.</summary>
    public long LastRelatedSequence { get; init; }

    /// <summary>The last entry that has events for others; 0 for none.</summary>
    public long LastEventSequence { get; init; }

    /// <summary>The version of the price table of the last priced call.</summary>
    public string? PriceTableVersion { get; init; }

    /// <summary>Whether the session was ever opened.</summary>
    public bool IsOpened => Options is not null;

    /// <summary>The head after one more entry: for stores that recover a head from the entries behind it.</summary>
    /// <exception cref="LedgerLawViolationException">The entry does not follow, or a law would not hold.</exception>
    public SessionHead After(Entry entry) => SessionFold.Next(this, entry);

    /// <summary>What it is to those who look for it in a list.</summary>
    public SessionStatus Status => Standing.StatusOf(End, Breaker);

    /// <summary>Money and state at this sequence.</summary>
    public Standing Standing => new(Sequence, Budget, Spent, Reserved, Breaker, End);
}
