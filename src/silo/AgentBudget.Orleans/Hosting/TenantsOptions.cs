namespace AgentBudget;

/// <summary>What holds for all tenants of a silo. Bound to <c>AgentBudget:Tenants</c>.</summary>
public sealed class TenantsOptions
{
    /// <summary>Whether sessions of tenants that were never set are refused, as <see cref="RefusalReason.TenantUnknown"/>. Default: no;
    /// they are counted, and have no limit.</summary>
    public bool MustBeSet { get; set; }

    /// <summary>The tenant of sessions whose id names none, such as <c>acme</c>; their ids get its path and an <c>@</c> before them.
    /// Default: none.</summary>
    public string? Default { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        if (Default is not null && !TenantPath.TryParse(Default, out _, out var problem))
            throw new ArgumentException($"The default {problem}");
    }
}
