namespace AgentBudget;

/// <summary>
/// The agent is stuck: see <see cref="Evidence"/>. The breaker is open, and an operator can resume the session; a call that was only
/// slowed down may be made when <see cref="Refusal.RetryAfter"/> has passed.
/// </summary>
public sealed class LoopDetectedException : RefusedException
{
    internal LoopDetectedException(string sessionId, Refusal refusal, SessionReport? report)
        : base(Describe(sessionId, refusal), refusal, report) { }

    /// <summary>Rule, calls, count and money of the loop, and what would reset it; null when the loop was found by an earlier
    /// call.</summary>
    public LoopEvidence? Evidence => Refusal.Loop;

    private static string Describe(string sessionId, Refusal refusal)
    {
        var isSlowed = refusal.Reason == RefusalReason.Throttled;
        if (refusal.Loop is not { } loop)
            return isSlowed ? $"Session {sessionId} is slowed down; ask again later." : $"Session {sessionId} was stopped for a loop.";
        return isSlowed && refusal.RetryAfter is { } wait
            ? FormattableString.Invariant(
                $"Session {sessionId} is slowed down: {loop.Finding}. Ask again in {wait.TotalSeconds:0.#} seconds."
            )
            : $"Loop in session {sessionId} (rule {Words.Of(loop.Rule)}): {loop.Finding}, for {loop.Spent}. What resets it: {loop.Reset}.";
    }
}
