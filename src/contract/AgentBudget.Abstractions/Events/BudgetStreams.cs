namespace AgentBudget;

/// <summary>
/// The Orleans streams of events: one a tenant for all of its events, and one a tenant for its costs alone. The key is the tenant's path,
/// or
/// <see cref="NoTenant"/>; a tenant's stream has the events of the tenant itself and of its own sessions, not those of tenants below it.
/// </summary>
/// <remarks>
/// Delivered at least once, the events of a session in their order; drop by <see cref="BudgetEvent.Id"/> what has come before. Subscribe
/// implicitly, with <c>[ImplicitStreamSubscription(BudgetStreams.Events)]</c> on a grain with a string key: who must miss nothing has to be
/// there before the first event is.
/// </remarks>
public static class BudgetStreams
{
    /// <summary>The name of the stream provider.</summary>
    public const string Provider = "AgentBudget";

    /// <summary>The namespace of all events of a tenant: items are <see cref="BudgetEvent"/>.</summary>
    public const string Events = "agentbudget.events";

    /// <summary>The namespace of a tenant's costs and corrections: items are <see cref="ChargeEvent"/>.</summary>
    public const string Billing = "agentbudget.billing";

    /// <summary>The key of the streams of sessions without a tenant; no tenant can be called so.</summary>
    public const string NoTenant = "~";

    /// <summary>The key of a tenant's streams.</summary>
    /// <param name="tenant">The tenant; null for sessions without one.</param>
    public static string KeyOf(TenantPath? tenant) => tenant?.ToString() ?? NoTenant;
}
