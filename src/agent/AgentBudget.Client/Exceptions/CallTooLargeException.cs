using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>The call could cost more than the whole budget. Nothing is exhausted: a smaller one may fit.</summary>
public sealed class CallTooLargeException : MoneyRefusedException
{
    internal CallTooLargeException(string sessionId, Refusal refusal, SessionReport? report, RefusedMoney money)
        : base(
            $"{money.Needs(sessionId)} That is more than the whole budget{money.OfBudget} allows at once; {refusal.Available} is free now. "
                + $"Raise the budget{money.OrCap(", or ask for less")}.",
            refusal,
            report,
            money
        ) { }
}
