namespace AgentBudget;

/// <summary>The session is paused or has ended.</summary>
public sealed class SessionStoppedException : RefusedException
{
    internal SessionStoppedException(string sessionId, Refusal refusal, SessionReport? report)
        : base(
            refusal.Reason == RefusalReason.Paused
                ? $"Session {sessionId} is paused by an operator or its parent."
                : $"Session {sessionId} has ended.",
            refusal,
            report
        ) { }
}
