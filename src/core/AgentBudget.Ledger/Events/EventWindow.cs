using System.Globalization;

namespace AgentBudget;

/// <summary>A stretch of time of a tenant, to compare the costs in an export with what the tenant says that was spent in it.</summary>
/// <param name="Tenant">The tenant; those below it are counted as well.</param>
/// <param name="From">When it begins; that instant is in it.</param>
/// <param name="To">When it ends; that instant is not.</param>
public sealed record EventWindow(TenantPath Tenant, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether an event is in it.</summary>
    internal bool Has(string? tenant, string time) =>
        TenantPath.TryParse(tenant, out var path, out _)
        && path.IsWithin(Tenant)
        && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
        && at >= From
        && at < To;
}
