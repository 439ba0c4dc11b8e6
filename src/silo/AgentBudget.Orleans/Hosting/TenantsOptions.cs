namespace AgentBudget;

/// <summary>What holds for all tenants of a silo. Bound to <c>AgentBudget:Tenants</c>.</summary>
public sealed class TenantsOptions
{
    /// <summary>Whether sessions of tenants that were never set are refused, as <see cref="RefusalReason.TenantUnknown"/>. It is the
    /// session's own tenant that counts, whoever is above. Default: no; they are counted, and have no limit of their own.</summary>
    public bool MustBeSet { get; set; }

    /// <summary>The tenant of sessions whose ids name none, such as <c>acme/other</c>. Default: none; they have no tenant. Holds for
    /// sessions that are opened from then on. All silos of a cluster must have the same.</summary>
    public string? Default { get; set; }

    /// <summary>
    /// How many names of a tenant's path metrics carry, as <c>tenant</c>: 1 for the tenants at the top, 2 for those below as well. Default
    /// 0: no metric says whose it is; up to 8. A silo tells 1,000 of them apart, and calls the rest <c>other</c>.
    /// </summary>
    public int MetricLevels { get; set; }

    /// <summary>
    /// How long entries of a tenant's timeline are kept, which never ends: who set what and why, and the keys of such calls, among them.
    /// Limits, money and reports do not need older ones. Default 400 days, or
    /// <see cref="AgentBudgetOptions.EventRetentionCap"/> where that is more; 62 days to 10 years, and no less than that cap,
    /// for events are read off entries.
    /// </summary>
    public TimeSpan? TimelineRetention { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public void Validate()
    {
        if (MetricLevels is < 0 or > Bounds.TenantDepth)
            throw new ArgumentException($"AgentBudget:Tenants:MetricLevels must be from 0 to {Bounds.TenantDepth}.");
        if (TimelineRetention < TimeSpan.FromDays(62) || TimelineRetention > TimeSpan.FromDays(3650))
            throw new ArgumentException("AgentBudget:Tenants:TimelineRetention must be from 62 to 3,650 days.");
        if (Default is not null && !TenantPath.TryParse(Default, out _, out var problem))
            throw new ArgumentException($"AgentBudget:Tenants:Default: the tenant's path {problem}");
    }
}
