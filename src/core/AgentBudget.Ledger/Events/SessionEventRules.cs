namespace AgentBudget.Ledger;

/// <summary>The events of a session's entries.</summary>
internal static class SessionEventRules
{
    /// <summary>What was done, then what it led to.</summary>
    public static void Add(List<BudgetEvent> events, Entry entry, EventOrigin origin)
    {
        if (Done(entry, origin) is { } done)
            events.Add(done);
        for (var i = 0; i < origin.SoftLimits.Count; i++)
        {
            if ((entry.SoftLimitsCrossed & (1 << i)) != 0)
                events.Add(
                    new SoftLimitEvent
                    {
                        Origin = origin,
                        Fraction = origin.SoftLimits[i],
                        Report = ReportOf(entry),
                    }
                );
        }

        if (OverageOf(entry) is { } overage && overage > Money.Zero)
            events.Add(
                new OverageEvent
                {
                    Origin = origin,
                    Amount = overage,
                    Report = ReportOf(entry),
                }
            );
        if (entry.Signals.HasFlag(EntrySignals.HardLimit))
            events.Add(new HardLimitEvent { Origin = origin, Report = ReportOf(entry) });
        if (entry.Signals.HasFlag(EntrySignals.LoopWarning))
            events.Add(new LoopWarnedEvent { Origin = origin, Loop = entry.Loop });
        if (entry.OpenReason != OpenReason.None)
            AddOpened(events, entry, origin);
        if (entry.Signals.HasFlag(EntrySignals.BreakerClosed))
            events.Add(new BreakerClosedEvent { Origin = origin });
    }

    /// <summary>Whether an entry of a session that has this kind is an event by itself.</summary>
    public static bool IsDone(Entry entry) =>
        entry.Kind != EntryKind.GrantTaken || (entry.Link is { IsCarved: true } && entry.Amount > Money.Zero);

    private static void AddOpened(List<BudgetEvent> events, Entry entry, EventOrigin origin)
    {
        if (entry.OpenReason == OpenReason.LoopDetected)
            events.Add(
                new LoopTrippedEvent
                {
                    Origin = origin,
                    Loop = entry.Loop,
                    Report = ReportOf(entry),
                }
            );
        events.Add(
            new BreakerOpenedEvent
            {
                Origin = origin,
                Reason = entry.OpenReason,
                Report = ReportOf(entry),
            }
        );
    }

    private static BudgetEvent? Done(Entry entry, EventOrigin origin) =>
        entry.Kind switch
        {
            EntryKind.Opened => new SessionOpenedEvent { Origin = origin, Budget = entry.After.Budget },
            EntryKind.Settled or EntryKind.Charged => ChargeOf(entry, origin),
            EntryKind.Corrected when entry.Call is { } call => new ChargeCorrectedEvent
            {
                Origin = origin,
                Call = call,
                Cost = entry.Amount,
                Related = entry.Related,
                Reason = entry.Reason,
            },
            EntryKind.Corrected or EntryKind.ToppedUp or EntryKind.BudgetSet => Changed(entry, origin),
            EntryKind.GrantTaken when IsDone(entry) => Changed(entry, origin),
            EntryKind.Expired => new ReservationExpiredEvent
            {
                Origin = origin,
                Amount = entry.Amount,
                Reservation = entry.Related,
            },
            _ => Moved(entry, origin),
        };

    private static BudgetEvent? Moved(Entry entry, EventOrigin origin) =>
        entry.Kind switch
        {
            EntryKind.Paused => new SessionPausedEvent
            {
                Origin = origin,
                Source = entry.PauseSource,
                By = entry.By,
                Reason = entry.Reason,
            },
            EntryKind.Resumed => new SessionResumedEvent
            {
                Origin = origin,
                Source = entry.PauseSource,
                By = entry.By,
                Reason = entry.Reason,
            },
            EntryKind.Ended => new SessionEndedEvent
            {
                Origin = origin,
                Reason = entry.End,
                Report = ReportOf(entry),
            },
            _ => null,
        };

    private static ChargeEvent ChargeOf(Entry entry, EventOrigin origin)
    {
        var call = entry.Call!;
        if (entry.Signals.HasFlag(EntrySignals.Late))
            return new LateChargeEvent
            {
                Origin = origin,
                Call = call,
                Cost = entry.Amount,
                Related = entry.Related,
            };
        if (entry.Kind == EntryKind.Settled)
            return new ChargeSettledEvent
            {
                Origin = origin,
                Call = call,
                Cost = entry.Amount,
                Related = entry.Related,
                Reserved = entry.Requested,
            };
        return new ChargeRecordedEvent
        {
            Origin = origin,
            Call = call,
            Cost = entry.Amount,
            Related = entry.Related,
        };
    }

    private static BudgetChangedEvent Changed(Entry entry, EventOrigin origin) =>
        new()
        {
            Origin = origin,
            Budget = entry.After.Budget,
            Reason = entry.Reason,
        };

    private static EventReport ReportOf(Entry entry) => new() { Standing = entry.After, Breakdown = entry.SpendByThen ?? Breakdown.Empty };

    // What the entry added: the overage after it, less what there was before it, which the entry's own amounts tell.
    private static Money? OverageOf(Entry entry)
    {
        if (entry.After.Overage == Money.Zero || !entry.IsCost)
            return null;
        var reservedBefore = entry.After.Reserved + (entry.Kind == EntryKind.Settled ? entry.Requested : Money.Zero);
        var before = entry.After with { Spent = entry.After.Spent - entry.Amount, Reserved = reservedBefore };
        return entry.After.Overage - before.Overage;
    }
}
