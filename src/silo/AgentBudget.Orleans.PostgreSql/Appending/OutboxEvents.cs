namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// Which entries are events: what somebody outside may have to act on. Spend is none of them, because it would double the writes of
/// every charge; whoever bills reads the timeline itself.
/// </summary>
internal static class OutboxEvents
{
    private const EntrySignals Transitions =
        EntrySignals.SoftLimit | EntrySignals.HardLimit | EntrySignals.BreakerOpened | EntrySignals.BreakerClosed;

    /// <summary>Whether an entry is told of.</summary>
    public static bool IsEvent(Entry entry) => (entry.Signals & Transitions) != 0 || entry.Kind is
        EntryKind.Opened or EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.Corrected or EntryKind.Paused or EntryKind.Resumed
        or EntryKind.BreakerOpened or EntryKind.HardLimitReached or EntryKind.Ended or EntryKind.Tombstoned;
}
