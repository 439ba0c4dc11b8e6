using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>
/// The money is there, but set aside for other calls: it may come back when they end, so nothing is exhausted. It was waited for as long as
/// <see cref="AgentBudgetClientOptions.WaitForMoney"/> says.
/// </summary>
public sealed class InsufficientNowException : MoneyRefusedException
{
    internal InsufficientNowException(string sessionId, Refusal refusal, SessionReport? report, RefusedMoney money)
        : base(
            $"{money.Needs(sessionId)} {refusal.Available} is free now; more may come back from calls that are under way. "
                + $"Wait longer (WaitForMoney){money.OrCap(", or ask for less")}.",
            refusal,
            report,
            money
        ) { }
}
