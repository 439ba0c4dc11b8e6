using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// What a session, or one shared child of it, cost and how it stands. Its JSON form is written by <see cref="ReportJson"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.report")]
public sealed record SessionReport
{
    /// <summary>The most entries that one report, or one page of a timeline, carries.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>The most children that one report lists: from the first that was asked for on, in the order in which they were
    /// opened.</summary>
    public const int MaxChildren = 256;

    [Id(14)]
    private readonly Dictionary<string, string> tags = Owned.MapOf(BudgetSessionOptions.NoTags);

    [Id(15)]
    private readonly ChildAccount[] children = [];

    [Id(20)]
    private readonly Entry[] events = [];

    /// <summary>The session's id.</summary>
    [Id(0)]
    public required string SessionId { get; init; }

    /// <summary>The shared child that the report is about; null for the whole session.</summary>
    [Id(1)]
    public string? Child { get; init; }

    /// <summary>Money and state.</summary>
    [Id(2)]
    public required Standing Standing { get; init; }

    /// <summary>Enforce or observe.</summary>
    [Id(3)]
    public SessionMode Mode { get; init; }

    /// <summary>All real cost recorded: settled and overage. For a child, its own.</summary>
    [Id(4)]
    public Money TotalSpent { get; init; }

    /// <summary>The budget less what was spent, never below zero.</summary>
    [Id(5)]
    public Money Remaining { get; init; }

    /// <summary>What is set aside now, carved children included. For a child, its own.</summary>
    [Id(6)]
    public Money Reserved { get; init; }

    /// <summary>Spend by model and tool.</summary>
    [Id(7)]
    public required Breakdown Breakdown { get; init; }

    /// <summary>When it was opened.</summary>
    [Id(8)]
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    [Id(9)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>From opening to end, or to now.</summary>
    [Id(10)]
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// Why it was stopped: <c>budget_exhausted</c>, <c>loop_detected</c>, <c>tenant_exhausted</c>, <c>stopped</c>, <c>expired</c>, or
    /// null while it runs and after its owner closed it.
    /// </summary>
    [Id(11)]
    public string? TerminatedBy { get; init; }

    /// <summary>The tenant's path.</summary>
    [Id(12)]
    public TenantPath? Tenant { get; init; }

    /// <summary>The agent's or workflow's name.</summary>
    [Id(13)]
    public string? Agent { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get => tags;
        init => tags = Owned.MapOf(value);
    }

    /// <summary>Children: those open, and the last ones closed.</summary>
    public IReadOnlyList<ChildAccount> Children
    {
        get => children;
        init => children = Owned.ListOf(value);
    }

    /// <summary>Children ever opened.</summary>
    [Id(16)]
    public long ChildrenTotal { get; init; }

    /// <summary>The version of the price table of the last priced call.</summary>
    [Id(17)]
    public string? PriceTableVersion { get; init; }

    /// <summary>The sequence of the first entry that crossed a soft limit; 0 when none did.</summary>
    [Id(18)]
    public long FirstSoftLimitSequence { get; init; }

    /// <summary>The sequence of the entry that last opened the breaker; 0 when none did.</summary>
    [Id(19)]
    public long BreakerOpenedSequence { get; init; }

    /// <summary>How many calls wait in line for money of the session now.</summary>
    [Id(21)]
    public int CallsWaiting { get; init; }

    /// <summary>What holds for models that a price book does not know, so that whoever takes the session up knows it.</summary>
    [Id(22)]
    public UnknownModelPolicy UnknownModels { get; init; }

    /// <summary>
    /// The most that a call which is not marked final could have now: what is available less the finalization reserve, below the hard
    /// limit; zero where the session, or the child, takes no calls. What a tenant above has left is not in it, nor what is kept for calls
    /// that wait longer. Null in observe mode, which refuses nothing, as long as the session runs.
    /// </summary>
    [Id(23)]
    public Money? Room { get; init; }

    /// <summary>One page of the timeline.</summary>
    public IReadOnlyList<Entry> Events
    {
        get => events;
        init => events = Owned.ListOf(value);
    }

    /// <summary>How many entries the timeline has.</summary>
    public long EventsTotal => Standing.Sequence;

    /// <summary>Makes the report of a session, or of one of its shared children.</summary>
    /// <param name="ledger">The session.</param>
    /// <param name="child">A shared child, or null for the session. One that is not known gives null.</param>
    /// <param name="events">One page of the timeline.</param>
    /// <param name="now">The clock.</param>
    /// <param name="childrenFrom">The first child of the page of children, by the entry that opened it.</param>
    public static SessionReport? Of(
        SessionLedger ledger,
        string? child,
        IReadOnlyList<Entry> events,
        DateTimeOffset now,
        long childrenFrom = 1
    )
    {
        var report = Of(ledger.Head, events, now) with { CallsWaiting = ledger.Line?.Calls.Count ?? 0 };
        if (child is null)
            return report with { Children = PageOf(ledger, childrenFrom) };
        if (ChildFold.Find(ledger.Head, child) is not { Kind: ChildKind.Shared } account)
            return null;
        var reserved = Money.Zero;
        foreach (var reservation in ledger.OpenReservations.Values)
        {
            if (reservation.Child == child)
                reserved += reservation.Amount;
        }

        var ofChild = report with
        {
            Child = child,
            TotalSpent = account.Spent,
            Reserved = reserved,
            Breakdown = account.Breakdown,
            OpenedAt = account.OpenedAt,
            EndedAt = account.ClosedAt ?? report.EndedAt,
            Duration = DurationOf(account.OpenedAt, account.ClosedAt ?? report.EndedAt, now),
            Room = account.IsOpen ? report.Room : Money.Zero,
            Children = [],
            ChildrenTotal = 0,
        };
        return ofChild.WithEvents(events);
    }

    /// <summary>The same report with a page of the timeline; a child's report takes the child's entries of it.</summary>
    public SessionReport WithEvents(IReadOnlyList<Entry> events) =>
        this with
        {
            Events = Child is null ? events : events.Where(entry => entry.Child == Child).ToArray(),
        };

    /// <summary>Makes the report of a session from its head.</summary>
    public static SessionReport Of(SessionHead head, IReadOnlyList<Entry> events, DateTimeOffset now) =>
        new()
        {
            SessionId = head.SessionId,
            Standing = head.Standing,
            Mode = head.Options?.Mode ?? SessionMode.Enforce,
            UnknownModels = head.Options?.UnknownModels ?? UnknownModelPolicy.Reject,
            TotalSpent = head.Spent,
            Remaining = Money.Max(Money.Zero, head.Budget - head.Spent),
            Reserved = head.Reserved,
            Breakdown = head.Breakdown,
            OpenedAt = head.OpenedAt,
            EndedAt = head.EndedAt,
            Duration = DurationOf(head.OpenedAt, head.EndedAt, now),
            TerminatedBy = TerminatedByOf(head),
            Tenant = head.Options?.Tenant,
            Agent = head.Options?.Agent,
            Tags = head.Options?.Tags ?? BudgetSessionOptions.NoTags,
            Children = head.Children,
            ChildrenTotal = head.ChildrenTotal,
            PriceTableVersion = head.PriceTableVersion,
            FirstSoftLimitSequence = head.FirstSoftLimitSequence,
            BreakerOpenedSequence = head.BreakerOpenedSequence,
            Room = ReserveRules.RoomOf(head),
            Events = events,
        };

    /// <summary>One line: total and budget, overage where there is any, remaining, models, tools, number of calls.</summary>
    public override string ToString()
    {
        var models = Breakdown.Sum(CallKind.Model);
        var tools = Breakdown.Sum(CallKind.Tool);
        var calls = models.Calls + tools.Calls;
        var overage = Standing.Overage > Money.Zero ? $" (overage {Standing.Overage})" : "";
        return FormattableString.Invariant($"Total spend: {TotalSpent} of {Standing.Budget}{overage} | Remaining: {Remaining} | ")
            + FormattableString.Invariant($"LLM: {models.Total} | Tools: {tools.Total} | Calls: {calls}");
    }

    private static ChildAccount[] PageOf(SessionLedger ledger, long childrenFrom) =>
        ledger
            .Head.Children.Concat(ledger.OpenHolders.Values.Select(ChildAccount.Of))
            .Where(child => child.OpenedSequence >= childrenFrom)
            .OrderBy(child => child.OpenedSequence)
            .Take(MaxChildren)
            .ToArray();

    // The breaker's reason comes first: what stopped the agent is not that the session was tidied up later. Observing stops nobody.
    internal static string? TerminatedByOf(SessionHead head)
    {
        if (head.Options is { Mode: SessionMode.Enforce })
        {
            if (head.Breaker.OpenReason != OpenReason.None)
                return Words.Of(head.Breaker.OpenReason);
            if (head.Breaker.PausedBy != PauseSources.None)
                return Words.Of(EndReason.Stopped);
        }

        return Words.Of(head.End);
    }

    private static TimeSpan DurationOf(DateTimeOffset opened, DateTimeOffset? ended, DateTimeOffset now)
    {
        var duration = (ended ?? now) - opened;
        return duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
    }
}
