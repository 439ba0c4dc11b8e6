using AgentBudget.Ledger;

namespace AgentBudget.Client;

/// <summary>The agent repeats itself: the same call with the same arguments came too often. An operator can resume the session.</summary>
public sealed class LoopDetectedException : RefusedException
{
    internal LoopDetectedException(string sessionId, Refusal refusal, SessionReport? report)
        : base(Describe(sessionId, refusal), refusal, report)
    {
    }

    /// <summary>The evidence; null when the loop was found by an earlier call.</summary>
    public LoopEvidence? Evidence => Refusal.Loop;

    private static string Describe(string sessionId, Refusal refusal) => refusal.Loop is { } loop
        ? $"Loop in session {sessionId}: {loop.Name} was called {loop.Count} times with the same arguments within {loop.WindowSeconds} seconds."
        : $"Session {sessionId} was stopped for a loop.";
}
