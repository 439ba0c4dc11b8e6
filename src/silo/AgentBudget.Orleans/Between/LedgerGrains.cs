using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Between;

/// <summary>Which grain serves a ledger: a session's has the session's id, a tenant's the tenant's path.</summary>
internal static class LedgerGrains
{
    /// <summary>The type of the grains of tenants.</summary>
    public const string TenantType = "agentbudget.tenant";

    public static T Of<T>(IGrainFactory grains, string ledgerId)
        where T : IGrainWithStringKey =>
        LedgerIds.IsOfASession(ledgerId) ? grains.GetGrain<T>(ledgerId) : grains.GetGrain<T>(GrainId.Create(TenantType, ledgerId[1..]));
}
