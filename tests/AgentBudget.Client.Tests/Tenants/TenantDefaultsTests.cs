using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Tenants;

/// <summary>A client prices by what its session was opened with, which the tenant may have filled in.</summary>
public sealed class TenantDefaultsTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownModel_InASessionWhoseTenantHasAFallback_IsPricedByIt()
    {
        using var client = ledger.NewClient(options =>
            options.UnknownModels = new UnknownModelRules { Fallback = new FallbackRate(1m, 1m) }
        );
        var tenant = client.Tenant("fallback");
        var defaults = new SessionDefaults { Budget = Money.Parse("5.00"), UnknownModels = UnknownModelPolicy.Fallback };
        await tenant.SetAsync(new TenantSettings { Defaults = defaults }, cancellationToken: Token);
        await using var session = await client.Tenant("fallback/team").OpenAsync(name: "one", cancellationToken: Token);
        await session.ChargeAsync("a-model-that-nobody-knows", new TokenUsage(1_000_000, 0), cancellationToken: Token);
        Assert.Equal(Money.Parse("1.00"), (await session.Grain.StandingAsync()).Spent);

        // Opening again is told the same.
        var again = await client.Tenant("fallback/team").OpenAsync(name: "one", cancellationToken: Token);
        await again.ChargeAsync("a-model-that-nobody-knows", new TokenUsage(1_000, 0), cancellationToken: Token);
    }
}
