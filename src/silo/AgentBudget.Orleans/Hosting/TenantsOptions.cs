namespace AgentBudget;

/// <summary>What holds for all tenants of a silo. Bound to <c>AgentBudget:Tenants</c>.</summary>
public sealed class TenantsOptions
{
    /// <summary>Whether sessions of tenants that were never set are refused, as <see cref="RefusalReason.TenantUnknown"/>. Default: no;
    /// they are counted, and have no limit.</summary>
    public bool MustBeSet { get; set; }

    /// <summary>
    /// How many names of a tenant's path metrics carry, as <c>tenant</c>: 1 for the tenants at the top, 2 for those below as well. Default
    /// 0: no metric says whose it is; up to 8. A silo tells 1,000 of them apart, and calls the rest <c>other</c>.
    /// </summary>
    public int MetricLevels { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public void Validate()
    {
        if (MetricLevels is < 0 or > Bounds.TenantDepth)
            throw new ArgumentException($"AgentBudget:Tenants:MetricLevels must be from 0 to {Bounds.TenantDepth}.");
    }
}
