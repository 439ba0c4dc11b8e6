using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>An attempt that has ended.</summary>
/// <param name="Post">What was posted.</param>
/// <param name="At">When it began.</param>
/// <param name="Outcome">What came of it; null where it was given up from here.</param>
internal sealed record EndedAttempt(PlannedPost Post, DateTimeOffset At, PostOutcome? Outcome);
