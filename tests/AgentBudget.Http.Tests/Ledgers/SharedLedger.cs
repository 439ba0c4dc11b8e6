using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(SharedLedger))]

namespace AgentBudget.Http.Tests.Ledgers;

/// <summary>One ledger in memory for all tests; each opens sessions of its own.</summary>
public sealed class SharedLedger : IAsyncLifetime
{
    private EmbeddedAgentBudget? embedded;

    public IGrainFactory Grains => embedded!.Grains;

    public async ValueTask InitializeAsync() => embedded = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);

    public ValueTask DisposeAsync() => embedded!.DisposeAsync();

    /// <summary>Opens a session of a client whose calls wait for no money, unless it is told otherwise.</summary>
    public Task<BudgetSession> OpenAsync(string budget, Action<AgentBudgetClientOptions>? configure = null, TimeProvider? time = null) =>
        OpenAsync(new BudgetSessionOptions { Budget = Money.Parse(budget) }, configure, time);

    /// <summary>A client as another process has one.</summary>
    public AgentBudgetClient NewClient() =>
        new(embedded!.Grains, Options.Create(new AgentBudgetClientOptions { WaitForMoney = TimeSpan.Zero }));

    /// <summary>A session as another process takes it up.</summary>
    public BudgetSession Take(string id) => NewClient().Get(id);

    /// <summary>Opens a session with options of its own.</summary>
    public Task<BudgetSession> OpenAsync(
        BudgetSessionOptions session,
        Action<AgentBudgetClientOptions>? configure = null,
        TimeProvider? time = null
    )
    {
        var options = new AgentBudgetClientOptions { WaitForMoney = TimeSpan.Zero };
        configure?.Invoke(options);
        return new AgentBudgetClient(embedded!.Grains, Options.Create(options), time).OpenAsync(
            session,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }
}
