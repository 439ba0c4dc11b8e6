using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(SharedLedger))]

namespace AgentBudget.Client.Tests.Ledgers;

/// <summary>One ledger in memory for all tests; each opens sessions of its own.</summary>
public sealed class SharedLedger : IAsyncLifetime
{
    private EmbeddedAgentBudget? embedded;

    public AgentBudgetClient Client => embedded!.Client;

    public IGrainFactory Grains => embedded!.Grains;

    public async ValueTask InitializeAsync() => embedded = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);

    public ValueTask DisposeAsync() => embedded!.DisposeAsync();

    /// <summary>A client with options and a clock of its own; its calls take the way that the script gives them.</summary>
    public AgentBudgetClient NewClient(
        Action<AgentBudgetClientOptions>? configure = null,
        TimeProvider? clock = null,
        GrainScript? script = null,
        ILogger<AgentBudgetClient>? logger = null
    )
    {
        var options = new AgentBudgetClientOptions();
        configure?.Invoke(options);
        return new AgentBudgetClient(script is null ? Grains : GrainProxy.Around(Grains, script), Options.Create(options), clock, logger);
    }

    /// <summary>Opens a session with a budget and a loop rule that trips at the third call.</summary>
    public Task<BudgetSession> OpenWithLoopsAsync(string budget, SessionCallbacks? callbacks = null) =>
        Client.OpenAsync(
            new BudgetSessionOptions
            {
                Budget = Money.Parse(budget),
                Loops = new LoopPolicy { Rule = new LoopRule { Calls = 3 } },
            },
            callbacks: callbacks,
            cancellationToken: TestContext.Current.CancellationToken
        );

    public Task<BudgetSession> OpenAsync(string budget, SessionCallbacks? callbacks = null) =>
        Client.OpenAsync(budget, callbacks: callbacks, cancellationToken: TestContext.Current.CancellationToken);
}
