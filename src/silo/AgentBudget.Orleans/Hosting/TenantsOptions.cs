namespace AgentBudget;

/// <summary>What holds for all tenants of a silo. Bound to <c>AgentBudget:Tenants</c>.</summary>
public sealed class TenantsOptions
{
    /// <summary>Whether sessions of tenants that were never set are refused, as <see cref="RefusalReason.TenantUnknown"/>. Default: no;
    /// they are counted, and have no limit.</summary>
    public bool MustBeSet { get; set; }
}
