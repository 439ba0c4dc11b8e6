using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>A tenant above the session has no money left for the call, whatever the session's own budget says.</summary>
public sealed class TenantExhaustedException : MoneyRefusedException
{
    internal TenantExhaustedException(string sessionId, Refusal refusal, SessionReport? report, RefusedMoney money)
        : base(
            refusal.Tenant is { } tenant
                ? $"{money.Needs(sessionId)} The tenant {tenant.Path} has {tenant.Available} left, which is too little; raise its limit."
                : $"{money.Needs(sessionId)} Its tenant has no money left; raise the tenant's limit.",
            refusal,
            report,
            money
        ) { }
}
