namespace AgentBudget.Billing.Customers;

/// <summary>
/// Who pays for a tenant: what the table says of it, or of the nearest tenant above; else the default, else nobody. Where there is neither
/// table nor default, each tenant is its own customer, if the export allows that.
/// </summary>
/// <param name="customers">Customers by the path of their tenant; <see cref="BudgetStreams.NoTenant"/> for sessions without one.</param>
/// <param name="byDefault">Who pays for all others; null for nobody.</param>
/// <param name="mayBeThemselves">Whether tenants may be their own customers.</param>
internal sealed class CustomerTable(IReadOnlyDictionary<string, string> customers, string? byDefault, bool mayBeThemselves)
{
    private readonly bool isThemselves = mayBeThemselves && customers.Count == 0 && byDefault is null;

    /// <summary>Whether a cost without a customer can be sent.</summary>
    public bool MayBeNobody => isThemselves;

    /// <summary>The customer; null for nobody.</summary>
    /// <param name="tenant">The tenant's path; null for a session without one.</param>
    public string? Find(string? tenant)
    {
        if (isThemselves)
            return tenant;
        if (tenant is null)
            return customers.GetValueOrDefault(BudgetStreams.NoTenant, byDefault!);
        for (var path = TenantPath.Parse(tenant); path is not null; path = path.Parent)
        {
            if (customers.TryGetValue(path.ToString(), out var customer))
                return customer;
        }

        return byDefault;
    }
}
