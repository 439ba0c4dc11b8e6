using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>
/// Money was refused, and the call was not made; or a cost was recorded after the fact that the budget does not cover. The kinds are
/// told apart by type: <see cref="BudgetExhaustedException"/>, <see cref="InsufficientNowException"/>,
/// <see cref="CallTooLargeException"/>, <see cref="TenantExhaustedException"/>.
/// </summary>
public abstract class MoneyRefusedException : RefusedException
{
    private protected MoneyRefusedException(string message, Refusal refusal, SessionReport? report, RefusedMoney money)
        : base(message, refusal, report) => (Cost, Budget, LargestOutputTokens) = (money.Cost, money.Budget, money.LargestOutputTokens);

    /// <summary>What was asked for: the least that would have done. Null where no amount was named.</summary>
    public Money? Cost { get; }

    /// <summary>The session's budget; null where it is not known.</summary>
    public Money? Budget { get; }

    /// <summary>What a call could have had: of the session, and of its tenant where that is less.</summary>
    public Money Available => Refusal.Tenant is { Available: var ofTenant } ? Money.Min(Refusal.Available, ofTenant) : Refusal.Available;

    /// <summary>The most completion tokens with which the same call would have fitted; null where nothing would have, or where the estimate
    /// is a sum.</summary>
    public long? LargestOutputTokens { get; }
}
