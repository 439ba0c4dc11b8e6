using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>
/// The budget is used up: it does not pay for the call, which was therefore not made, nor would it if all that is set aside came back. Or a
/// cost was recorded after the fact on a session that is exhausted by it, or was before.
/// </summary>
public sealed class BudgetExhaustedException : MoneyRefusedException
{
    internal BudgetExhaustedException(string sessionId, Refusal refusal, SessionReport? report, RefusedMoney money)
        : base(Describe(sessionId, refusal, money), refusal, report, money) { }

    private static string Describe(string sessionId, Refusal refusal, RefusedMoney money)
    {
        var left = $"{refusal.Available} is left of the budget{money.OfBudget}";
        if (money.IsRecorded)
            return $"The cost was recorded, and session {sessionId} is exhausted: {left}. Raise it (TopUpAsync) to go on.";
        return money.IsLatched
            ? $"{money.Needs(sessionId)} The budget is exhausted: {left}. Raise it (TopUpAsync) to go on; only a call "
                + "marked final may still use what is kept for it."
            : $"{money.Needs(sessionId)} The budget is exhausted: {left}. Raise it (TopUpAsync){money.OrCap(", or ask for less")}.";
    }
}
