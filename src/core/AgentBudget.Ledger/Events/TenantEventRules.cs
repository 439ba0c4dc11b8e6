namespace AgentBudget.Ledger;

/// <summary>The events of a tenant's entries. What its sessions cost is in their events, and in none of these.</summary>
internal static class TenantEventRules
{
    /// <summary>What was done.</summary>
    public static void Add(List<BudgetEvent> events, Entry entry, EventOrigin origin)
    {
        if (Done(entry, origin) is { } done)
            events.Add(done);
    }

    private static BudgetEvent? Done(Entry entry, EventOrigin origin) =>
        entry.Kind switch
        {
            EntryKind.TenantSet when entry.Tenant is { } tenant => new TenantLimitSetEvent
            {
                Origin = origin,
                Settings = tenant.Settings,
                Window = entry.Window,
                Raised = entry.Amount,
                By = entry.By,
                Reason = entry.Reason,
            },
            EntryKind.SoftLimitReached => new TenantSoftLimitEvent
            {
                Origin = origin,
                Window = entry.Window,
                Limit = entry.Requested,
                Used = entry.Amount,
                SoftLimitsCrossed = entry.SoftLimitsCrossed,
            },
            EntryKind.TenantExhausted => new TenantExhaustedEvent { Origin = origin, Asked = entry.Requested },
            EntryKind.Paused => new TenantPausedEvent
            {
                Origin = origin,
                By = entry.By,
                Reason = entry.Reason,
            },
            EntryKind.Resumed => new TenantResumedEvent
            {
                Origin = origin,
                By = entry.By,
                Reason = entry.Reason,
            },
            EntryKind.Stopped => new TenantStoppedEvent
            {
                Origin = origin,
                By = entry.By,
                Reason = entry.Reason,
            },
            _ => null,
        };
}
