namespace AgentBudget;

/// <summary>
/// The budget does not pay for the call, which was therefore not made; or a cost recorded after the fact went over it.
/// <see cref="RefusedException.Refusal"/> tells the kinds apart: <c>insufficient_now</c> passes when open reservations come back.
/// </summary>
public sealed class BudgetExhaustedException : RefusedException
{
    internal BudgetExhaustedException(string sessionId, Refusal refusal, SessionReport? report)
        : base(Describe(sessionId, refusal), refusal, report) { }

    private static string Describe(string sessionId, Refusal refusal) =>
        refusal.Reason switch
        {
            RefusalReason.InsufficientNow =>
                $"Session {sessionId} has {refusal.Available} available now; more may come back from open reservations.",
            RefusalReason.TooLarge => $"The call costs more than the whole budget of session {sessionId}.",
            RefusalReason.TenantExhausted => refusal.Tenant is { } tenant
                ? $"The tenant {tenant.Path} has {tenant.Available} left, which is too little for session {sessionId}; raise its limit."
                : $"The tenant of session {sessionId} has no money left; raise its limit.",
            _ => $"The budget of session {sessionId} is exhausted: {refusal.Available} available.",
        };
}
