using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// What a session does with models that the price book does not know: said when it was opened, or asked of the ledger by who took it up,
/// once, when such a model is first met.
/// </summary>
internal sealed class KnownPolicy(SessionLink link, UnknownModelPolicy? known)
{
    private UnknownModelPolicy? policy = known;

    /// <summary>How calls of a session are priced now.</summary>
    /// <param name="services">What the client has.</param>
    /// <param name="kind">What is to be called.</param>
    /// <param name="provider">The provider, or null.</param>
    /// <param name="name">The model or tool.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    /// <exception cref="BudgetUnavailableException">The ledger has to be asked, and cannot be reached.</exception>
    public ValueTask<CallPricing> PricingOfAsync(
        ClientServices services,
        CallKind kind,
        string? provider,
        string name,
        CancellationToken cancellationToken
    )
    {
        var pricing = CallPricing.Now(services, policy ?? UnknownModelPolicy.Reject);
        return policy is not null || kind != CallKind.Model || pricing.Knows(provider, name)
            ? ValueTask.FromResult(pricing)
            : AskAsync(pricing, cancellationToken);
    }

    private async ValueTask<CallPricing> AskAsync(CallPricing pricing, CancellationToken cancellationToken)
    {
        // A session that was never opened has none, and refuses whatever is asked of it.
        policy = (await link.FindReportAsync(0, 1, cancellationToken))?.UnknownModels;
        return pricing with { Policy = policy ?? UnknownModelPolicy.Reject };
    }
}
