namespace AgentBudget.Ledger;

/// <summary>When a call is judged, and what it costs.</summary>
/// <param name="Milliseconds">The time.</param>
/// <param name="Sequence">The last entry of the session.</param>
/// <param name="Spent">What the session has spent, this call's cost included.</param>
/// <param name="Cost">This call's cost, where it is known.</param>
/// <param name="Asked">What the call asks for beyond that.</param>
/// <param name="Budget">The session's budget.</param>
internal readonly record struct LoopMoment(long Milliseconds, long Sequence, Money Spent, Money Cost, Money Asked, Money Budget);
