using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>One line of a session's timeline. Written once, never edited.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.entry")]
public sealed record Entry
{
    [Id(0)]
    private long sequence;

    [Id(1)]
    private long at;

    [Id(2)]
    private long expiresAt;

    [Id(3)]
    private string? key;

    [Id(4)]
    private ulong keyHash;

    [Id(5)]
    private long bodyHash;

    [Id(6)]
    private Standing after;

    // What few entries have: one is written for each call.
    [Id(19)]
    private EntryParts? parts;

    /// <summary>1, 2, 3 … within the session, without gaps.</summary>
    public long Sequence
    {
        get => sequence;
        init => sequence = value;
    }

    /// <summary>Ledger time: never before the entry before it.</summary>
    public DateTimeOffset At
    {
        get => UtcTicks.ToTime(at);
        init => at = value.UtcTicks;
    }

    /// <summary>What it records.</summary>
    [Id(7)]
    public EntryKind Kind { get; init; }

    /// <summary>The caller's idempotency key; null for entries that the ledger makes by itself.</summary>
    public string? Key
    {
        get => key;
        init => (key, keyHash) = (value, value is null ? 0 : AgentBudget.BodyHash.Of(value));
    }

    /// <summary>The hash of the key, as <see cref="AgentBudget.BodyHash.Of"/> gives it, for look-up tables; 0 without a key.</summary>
    public ulong KeyHash => keyHash;

    /// <summary>The hash of the command's body, to tell a retry from another intent.</summary>
    public long BodyHash
    {
        get => bodyHash;
        init => bodyHash = value;
    }

    /// <summary>What it moves: reserved, spent, given back, topped up, carved. Signed for corrections only.</summary>
    [Id(8)]
    public Money Amount { get; init; }

    /// <summary>
    /// The other amount: what was asked for, where a reservation was granted in part; what had been set aside, where a reservation is
    /// settled; what is set aside in all, where one grew.
    /// </summary>
    [Id(9)]
    public Money Requested { get; init; }

    /// <summary>The entry that this one ends, prolongs or corrects; 0 for none.</summary>
    [Id(10)]
    public long Related { get; init; }

    /// <summary>The call that it is about.</summary>
    [Id(11)]
    public Call? Call { get; init; }

    /// <summary>The child that it is about.</summary>
    [Id(12)]
    public string? Child { get; init; }

    /// <summary>When the reservation expires.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => UtcTicks.ToOptionalTime(expiresAt);
        init => expiresAt = UtcTicks.Of(value);
    }

    /// <summary>What it caused, or how it came about.</summary>
    [Id(13)]
    public EntrySignals Signals { get; init; }

    /// <summary>Which soft limits were crossed: bit i stands for the i-th of the session's options, or of the tenant's settings.</summary>
    [Id(14)]
    public int SoftLimitsCrossed { get; init; }

    /// <summary>In observe mode: why it would have been refused.</summary>
    [Id(15)]
    public RefusalReason WouldRefuse { get; init; }

    /// <summary>Why the breaker opened, when it did.</summary>
    [Id(16)]
    public OpenReason OpenReason { get; init; }

    /// <summary>What it causes for limits and breaker, beside signals that are set before it.</summary>
    internal Crossing Crossing
    {
        init => (OpenReason, Signals, SoftLimitsCrossed) = (value.OpenReason, Signals | value.Signals, value.SoftLimitsCrossed);
    }

    /// <summary>Who paused or resumed.</summary>
    [Id(17)]
    public PauseSources PauseSource { get; init; }

    /// <summary>Why the session ended.</summary>
    [Id(18)]
    public EndReason End { get; init; }

    /// <summary>Money and state after it.</summary>
    public Standing After
    {
        get => after;
        init => after = value;
    }

    /// <summary>An operator's reason.</summary>
    public string? Reason
    {
        get => parts?.Reason;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Reason = value }).OrNull() : null;
    }

    /// <summary>What a carved child spent, by model and tool.</summary>
    public Breakdown? Breakdown
    {
        get => parts?.Breakdown;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Breakdown = value }).OrNull() : null;
    }

    /// <summary>Why the call was taken for a loop, or for the beginning of one.</summary>
    public LoopEvidence? Loop
    {
        get => parts?.Loop;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Loop = value }).OrNull() : null;
    }

    /// <summary>What the session was opened with.</summary>
    public BudgetSessionOptions? Options
    {
        get => parts?.Options;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Options = value }).OrNull() : null;
    }

    /// <summary>What it does to the row of a holder of this ledger's money.</summary>
    public HolderChange? Holder
    {
        get => parts?.Holder;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Holder = value }).OrNull() : null;
    }

    /// <summary>What the ledger knows of its parent after it; null for no change.</summary>
    public ParentLink? Link
    {
        get => parts?.Link;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Link = value }).OrNull() : null;
    }

    /// <summary>The operation that it takes up; the entry that ends the operation is related to this one.</summary>
    public Intent? Intent
    {
        get => parts?.Intent;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Intent = value }).OrNull() : null;
    }

    /// <summary>A tenant's settings and windows, where the entry sets them: as they are before what it books.</summary>
    public TenantState? Tenant
    {
        get => parts?.Tenant;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { Tenant = value }).OrNull() : null;
    }

    /// <summary>Who made the change, for the audit of a tenant.</summary>
    public string? By
    {
        get => parts?.By;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { By = value }).OrNull() : null;
    }

    /// <summary>Which limit of a tenant was raised, or reached a soft limit; total in any other entry.</summary>
    public WindowKind Window
    {
        get => parts?.Window ?? default;
        init => parts = EntryParts.Of(parts, value == default) is { } some ? (some with { Window = value }).OrNull() : null;
    }

    /// <summary>What was spent by then, by model and tool, where an event of the entry reports it: the dearest, and the rest as
    /// one.</summary>
    public Breakdown? SpendByThen
    {
        get => parts?.SpendByThen;
        init => parts = EntryParts.Of(parts, value is null) is { } some ? (some with { SpendByThen = value }).OrNull() : null;
    }

    /// <summary>Whether it has any of what few entries have.</summary>
    internal bool HasParts => parts is not null;

    /// <summary>Whether it caused more than its amounts say, or stands behind something that did.</summary>
    internal bool HasConsequences =>
        Signals != EntrySignals.None
        || SoftLimitsCrossed != 0
        || WouldRefuse != RefusalReason.None
        || OpenReason != OpenReason.None
        || PauseSource != PauseSources.None
        || End != EndReason.None
        || after.Breaker != default
        || after.End != EndReason.None;

    /// <summary>
    /// Whether look-ups of other entries depend on this one, so that stores index it by <see cref="Related"/>. A settled reservation
    /// needs no such entry: it is the one that is neither open, released nor expired.
    /// </summary>
    public bool IsRelatedLookup => IsRelatedLookupOf(Kind, Related);

    /// <summary><see cref="IsRelatedLookup"/> of an entry of which only this is at hand.</summary>
    public static bool IsRelatedLookupOf(EntryKind kind, long related) =>
        EntryKinds.Find(kind)?.RelatedLookup switch
        {
            RelatedLookup.Always => true,
            RelatedLookup.WhenRelated => related != 0,
            _ => false,
        };

    /// <summary>Whether the amount is what a call cost, or corrects that.</summary>
    public bool IsCost => EntryKinds.Find(Kind) is { } kind && (kind.IsCost || (kind.IsSigned && Call is not null));

    /// <summary>Puts the entry in its place. Once, by the turn that writes it, before anybody else sees it.</summary>
    internal void Place(long atSequence, DateTimeOffset atTime, SessionCommand? command, long ofBody) =>
        (sequence, at, key, keyHash, bodyHash) = (atSequence, atTime.UtcTicks, command?.Key, command?.KeyHash ?? 0, ofBody);

    /// <summary>The same, for an entry that completes an operation taken up earlier: it stands under the operation's key.</summary>
    internal void Place(long atSequence, DateTimeOffset atTime, Intent intent)
    {
        Place(atSequence, atTime, command: null, intent.BodyHash);
        (key, keyHash) = (intent.Key, intent.Key is null ? 0 : AgentBudget.BodyHash.Of(intent.Key));
    }

    /// <summary>Says what it led to. Once, by the turn that writes it.</summary>
    internal void Conclude(SessionHead head)
    {
        after = head.Standing;
        if (head.Tenant is null && BudgetEvents.CarryReport(this))
        {
            var spend = head.Breakdown.Dearest(EventReport.MaxNames, EventReport.MaxNameCharacters);
            parts = (parts ?? EntryParts.None) with { SpendByThen = spend };
        }
    }
}
