namespace AgentBudget.Cli.Tests;

/// <summary>Ledgers with sessions in them.</summary>
internal static class LedgerFixture
{
    /// <summary>Makes a ledger with two open sessions, one of them exhausted, and closes it.</summary>
    public static Task MakeAsync(TempFolder folder) => MakeAsync(folder.Store);

    /// <summary>Makes it at an address.</summary>
    public static async Task MakeAsync(string store)
    {
        await using var budget = await StartAsync(store);
        await budget.OpenAsync(new BudgetSessionOptions { Budget = Money.Parse("2.00"), Agent = "writer" }, "open");
        var spent = await budget.OpenAsync(new BudgetSessionOptions { Budget = Money.Parse("1.00") }, "spent");
        await spent.Grain.ChargeAsync(
            new ChargeCommand { Cost = Money.Parse("0.75"), Call = Call.Model("test-model") with { Usage = new TokenUsage(1_234, 56) } }
        );
        await spent.Grain.ChargeAsync(new ChargeCommand { Cost = Money.Parse("0.50"), Call = Call.Tool("search") });
    }

    /// <summary>Adds a session of a tenant.</summary>
    public static async Task AddATenantsAsync(TempFolder folder)
    {
        await using var budget = await StartAsync(folder);
        await budget.Tenant("acme/research").OpenAsync("$2.00", "ticket");
    }

    /// <summary>Opens the ledger for writing, as an agent's process does.</summary>
    public static Task<EmbeddedAgentBudget> StartAsync(TempFolder folder) => StartAsync(folder.Store);

    /// <summary>Opens the one at an address.</summary>
    public static Task<EmbeddedAgentBudget> StartAsync(string store) =>
        EmbeddedAgentBudget.StartAsync(options => options.Path = store["sqlite:".Length..], TestContext.Current.CancellationToken);
}
