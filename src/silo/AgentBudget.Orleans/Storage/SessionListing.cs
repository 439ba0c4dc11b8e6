namespace AgentBudget;

/// <summary>Which sessions to list.</summary>
/// <param name="AfterSessionId">Sessions after this id; null from the start.</param>
/// <param name="Tenant">Only sessions of this tenant or of one below it; null for all.</param>
/// <param name="Count">How many: 1 to 1,000.</param>
public sealed record SessionListing(string? AfterSessionId = null, TenantPath? Tenant = null, int Count = 100);
