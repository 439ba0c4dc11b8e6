namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// What people, or a tenant above, did to a tenant: each such entry names the one before it, so that the last few are found without a look
/// at thousands of reports between them.
/// </summary>
internal static class TenantHistory
{
    /// <summary>Whether entries of a kind belong to it.</summary>
    public static bool Has(EntryKind kind) => kind is EntryKind.TenantSet or EntryKind.Paused or EntryKind.Resumed or EntryKind.Stopped;

    /// <summary>The one before the next; 0 for none, and for what is no tenant.</summary>
    public static long Before(SessionHead head) => head.Tenant?.LastChange ?? 0;
}
