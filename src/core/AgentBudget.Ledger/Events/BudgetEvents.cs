using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>The events of entries: the only place that says which there are, and what each carries.</summary>
public static class BudgetEvents
{
    private const EntrySignals Telling =
        EntrySignals.SoftLimit
        | EntrySignals.HardLimit
        | EntrySignals.BreakerOpened
        | EntrySignals.BreakerClosed
        | EntrySignals.LoopWarning;

    /// <summary>Whether an entry has events. Every entry is asked, so it looks at a kind and a few bits.</summary>
    /// <param name="entry">The entry.</param>
    public static bool Any(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Kind switch
        {
            _ when (entry.Signals & Telling) != 0 || entry.OpenReason != OpenReason.None => true,
            // A tenant is opened by whoever first names it.
            EntryKind.Opened => entry.Tenant is null,
            EntryKind.GrantTaken => SessionEventRules.IsDone(entry),
            _ => EntryKinds.Find(entry.Kind) is { IsEvent: true },
        };
    }

    /// <summary>Which events an entry has.</summary>
    /// <param name="entry">The entry.</param>
    public static EventKinds KindsOf(Entry entry)
    {
        if (!Any(entry))
            return EventKinds.None;
        if (!entry.IsCost)
            return EventKinds.Others;
        var isAlone = (entry.Signals & Telling) == 0 && entry.OpenReason == OpenReason.None && entry.After.Overage == Money.Zero;
        return isAlone ? EventKinds.Charges : EventKinds.Charges | EventKinds.Others;
    }

    /// <summary>Whether the events of an entry carry a report, so that the entry has to hold what was spent by then.</summary>
    internal static bool CarryReport(Entry entry) =>
        entry.Tenant is null
        && (
            (entry.Signals & (EntrySignals.SoftLimit | EntrySignals.HardLimit | EntrySignals.BreakerOpened)) != 0
            || entry.OpenReason != OpenReason.None
            || entry.Kind == EntryKind.Ended
            || (entry.IsCost && entry.After.Overage > Money.Zero)
        );

    /// <summary>The events of an entry, in the order in which they came about: what was done first, then what it led to.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="origin">The ledger that it stands in.</param>
    /// <param name="previous">The last entry before it that has events; 0 for none.</param>
    public static IReadOnlyList<BudgetEvent> Of(Entry entry, EventOrigin origin, long previous)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(origin);
        if (!Any(entry))
            return [];
        var events = new List<BudgetEvent>(2);
        if (origin.IsTenant)
            TenantEventRules.Add(events, entry, origin);
        else
            SessionEventRules.Add(events, entry, origin);
        for (var i = 0; i < events.Count; i++)
        {
            events[i] = events[i] with
            {
                Sequence = entry.Sequence,
                Part = i + 1,
                Parts = events.Count,
                Previous = previous,
                At = entry.At,
                Key = entry.Key,
                Child = origin.IsTenant ? null : entry.Child,
                After = entry.After,
            };
        }

        return events;
    }
}
