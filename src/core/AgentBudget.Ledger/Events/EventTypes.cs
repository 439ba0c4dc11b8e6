using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>A type of event: its name for good, the version of its <c>data</c>, and what is in that.</summary>
/// <param name="Name">Such as <c>charge.settled</c>.</param>
/// <param name="Version">The version of its <c>data</c>: a field that is added does not change it, any other change does.</param>
/// <param name="Meaning">When it comes.</param>
public sealed record EventType(string Name, int Version, string Meaning)
{
    /// <summary>Whether it is a cost, or a correction of one: what a bill is made of.</summary>
    public bool IsBillable { get; init; }

    /// <summary>Whether it is what came of an entry, such as a limit that was reached, and not what the entry did.</summary>
    internal bool IsConsequence { get; init; }

    internal Type Of { get; init; } = typeof(BudgetEvent);

    internal IReadOnlyList<EventField> Fields { get; init; } = [];
}

/// <summary>All types of events. A new one is a record and a row here.</summary>
public static class EventTypes
{
    private static readonly EventField[] Charge =
    [
        EventField.Money<ChargeEvent>("cost", "What it cost; for a correction the difference, signed.", of => of.Cost) with
        {
            Role = AmountRole.Cost,
        },
        EventField.Text<ChargeEvent>(
            "cost_source",
            "How that is known: provider, partial, estimated, reserved.",
            of => Words.Of(of.Call.Source)
        ),
        EventField.Count<ChargeEvent>(
            "related",
            "The entry of the reservation, or of the cost that is corrected; 0 for none.",
            of => of.Related
        ),
        EventField.Part<ChargeEvent, Call>(
            new("call", EventFieldForm.Part, "The call that it paid for.") { Fields = EventShapes.Call },
            of => of.Call,
            EventParts.Write
        ),
    ];

    private static readonly EventField Report = EventField.Part<BudgetEvent, EventReport>(
        new("report", EventFieldForm.Part, "Money and spend as of the entry.") { Fields = EventShapes.Report },
        EventParts.ReportOf,
        EventParts.Write
    );

    private static readonly EventField Loop = EventField.Part<BudgetEvent, LoopEvidence>(
        new("loop", EventFieldForm.Part, "What repeats.", IsOptional: true) { Fields = EventShapes.Loop },
        EventParts.LoopOf,
        (writer, loop) => LoopJson.Write(loop, writer)
    );

    /// <summary>All of them, in the order of the page.</summary>
    public static readonly IReadOnlyList<EventType> All =
    [
        Row<SessionOpenedEvent>(
            "session.opened",
            "A session was opened.",
            Money<SessionOpenedEvent>("budget", "The budget.", of => of.Budget, AmountRole.Budget)
        ),
        Row<SessionEndedEvent>(
            "session.ended",
            "A session has ended.",
            EventField.Text<SessionEndedEvent>("reason", "closed, stopped or expired.", of => Words.Of(of.Reason) ?? "closed"),
            Report
        ),
        Bill<ChargeSettledEvent>(
            "charge.settled",
            "A reservation was turned into spend.",
            Money<ChargeSettledEvent>("reserved", "What had been set aside.", of => of.Reserved, AmountRole.Frees)
        ),
        Bill<ChargeRecordedEvent>("charge.recorded", "A cost was recorded that had no reservation."),
        Bill<LateChargeEvent>("charge.late", "A cost came after its reservation, or after the session, had ended."),
        Bill<ChargeCorrectedEvent>("charge.corrected", "A cost was corrected.", ReasonOf<ChargeCorrectedEvent>(of => of.Reason)),
        Led<SoftLimitEvent>(
            "limit.soft",
            "What was spent has reached a soft limit: once per threshold and arming.",
            EventField.Fraction<SoftLimitEvent>("fraction", "The soft limit, a fraction of the budget.", of => of.Fraction),
            Report
        ),
        Led<HardLimitEvent>("limit.hard", "The hard limit was met: once per arming.", Report),
        Led<OverageEvent>(
            "limit.overage",
            "More was spent than the budget held.",
            Money<OverageEvent>("amount", "What this entry added to the overage.", of => of.Amount, AmountRole.Overage),
            Report
        ),
        Led<LoopWarnedEvent>("loop.warned", "Calls look like the beginning of a loop.", Loop),
        Led<LoopTrippedEvent>("loop.tripped", "Calls are a loop, and the breaker opened.", Loop, Report),
        Led<BreakerOpenedEvent>(
            "breaker.opened",
            "Nothing new is authorised until an explicit transition.",
            EventField.Text<BreakerOpenedEvent>(
                "reason",
                "budget_exhausted, loop_detected or tenant_exhausted.",
                of => Words.Of(of.Reason)
            ),
            Report
        ),
        Led<BreakerClosedEvent>("breaker.closed", "New money may be authorised again."),
        Row<SessionPausedEvent>(
            "session.paused",
            "A session was paused.",
            SourceOf<SessionPausedEvent>(of => of.Source),
            ByOf<SessionPausedEvent>(of => of.By),
            ReasonOf<SessionPausedEvent>(of => of.Reason)
        ),
        Row<SessionResumedEvent>(
            "session.resumed",
            "A session was resumed.",
            SourceOf<SessionResumedEvent>(of => of.Source),
            ByOf<SessionResumedEvent>(of => of.By),
            ReasonOf<SessionResumedEvent>(of => of.Reason)
        ),
        Row<BudgetChangedEvent>(
            "session.budget_changed",
            "A session's budget was raised, set or corrected.",
            Money<BudgetChangedEvent>("budget", "The budget from now on.", of => of.Budget, AmountRole.Budget),
            ReasonOf<BudgetChangedEvent>(of => of.Reason)
        ),
        Row<ReservationExpiredEvent>(
            "reservation.expired",
            "A reservation went back by its own clock: what became of the call was never said.",
            Money<ReservationExpiredEvent>("amount", "What had been set aside.", of => of.Amount, AmountRole.Frees),
            EventField.Count<ReservationExpiredEvent>("related", "The entry of the reservation.", of => of.Reservation)
        ),
        Row<TenantLimitSetEvent>(
            "tenant.limit_set",
            "Limits or settings of a tenant were set, or a limit was raised.",
            EventField.Part<TenantLimitSetEvent, TenantSettings>(
                new("limits", EventFieldForm.Part, "The limits from now on.") { Fields = EventShapes.Limits },
                of => of.Settings,
                EventParts.Write
            ),
            EventField.Text<TenantLimitSetEvent>("window", "Which limit was raised: total, day, week, month.", of => Words.Of(of.Window)),
            Money<TenantLimitSetEvent>("raised", "By how much; zero where all was set.", of => of.Raised),
            ByOf<TenantLimitSetEvent>(of => of.By),
            ReasonOf<TenantLimitSetEvent>(of => of.Reason)
        ),
        Row<TenantSoftLimitEvent>(
            "tenant.soft_limit",
            "What is settled and out of a tenant has reached a soft limit: once per window, fraction and arming.",
            EventField.Text<TenantSoftLimitEvent>("window", "Which limit: total, day, week, month.", of => Words.Of(of.Window)),
            Money<TenantSoftLimitEvent>("limit", "The limit.", of => of.Limit),
            Money<TenantSoftLimitEvent>("used", "What is settled and out, at most the limit.", of => of.Used),
            EventField.Counts<TenantSoftLimitEvent>(
                "crossed",
                "Which of the soft_limits of the last tenant.limit_set were reached, by their place there, from 1 on.",
                of => of.Crossed
            )
        ),
        Row<TenantExhaustedEvent>(
            "tenant.exhausted",
            "A tenant refused what nothing that is out could have paid.",
            Money<TenantExhaustedEvent>("asked", "What was asked for.", of => of.Asked),
            EventField.Text<TenantExhaustedEvent>(
                "window",
                "total, where the limit in total leaves too little; else it is that of a day, week or month, or a tenant above.",
                of => of.IsTotalExhausted ? Words.Of(WindowKind.Total) : null,
                isOptional: true
            )
        ),
        Row<TenantPausedEvent>(
            "tenant.paused",
            "A tenant was paused, and all that has money of it.",
            ByOf<TenantPausedEvent>(of => of.By),
            ReasonOf<TenantPausedEvent>(of => of.Reason)
        ),
        Row<TenantResumedEvent>(
            "tenant.resumed",
            "A tenant was resumed.",
            ByOf<TenantResumedEvent>(of => of.By),
            ReasonOf<TenantResumedEvent>(of => of.Reason)
        ),
        Row<TenantStoppedEvent>(
            "tenant.stopped",
            "A tenant was stopped: whoever has money of it ends.",
            ByOf<TenantStoppedEvent>(of => of.By),
            ReasonOf<TenantStoppedEvent>(of => of.Reason)
        ),
    ];

    private static readonly Dictionary<Type, EventType> ByType = All.ToDictionary(type => type.Of);
    private static readonly Dictionary<string, EventType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of an event.</summary>
    public static EventType Of(BudgetEvent of)
    {
        ArgumentNullException.ThrowIfNull(of);
        return ByType[of.GetType()];
    }

    /// <summary>The type of a name; null when there is none.</summary>
    public static EventType? Find(string name) => ByName.GetValueOrDefault(name);

    private static EventType Row<T>(string name, string meaning, params EventField[] fields)
        where T : BudgetEvent => new(name, 1, meaning) { Of = typeof(T), Fields = fields };

    private static EventType Bill<T>(string name, string meaning, params EventField[] fields)
        where T : ChargeEvent => Row<T>(name, meaning, [.. Charge, .. fields]) with { IsBillable = true };

    private static EventType Led<T>(string name, string meaning, params EventField[] fields)
        where T : BudgetEvent => Row<T>(name, meaning, fields) with { IsConsequence = true };

    private static EventField Money<T>(string name, string meaning, Func<T, Money> get, AmountRole role = AmountRole.None)
        where T : BudgetEvent => EventField.Money(name, meaning, get) with { Role = role };

    private static EventField ReasonOf<T>(Func<T, string?> get)
        where T : BudgetEvent => EventField.Text("reason", "The operator's reason.", get, isOptional: true);

    private static EventField ByOf<T>(Func<T, string?> get)
        where T : BudgetEvent => EventField.Text("by", "Who did it.", get, isOptional: true);

    private static EventField SourceOf<T>(Func<T, PauseSources> get)
        where T : BudgetEvent => EventField.Text<T>("source", "operator, or parent: what its money comes from.", of => Words.Of(get(of)));
}
