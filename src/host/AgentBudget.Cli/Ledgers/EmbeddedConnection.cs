using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Ledgers;

/// <summary>An embedded ledger that is acted on: opened for writing, with the real clock, by this process alone.</summary>
internal sealed class EmbeddedConnection : ILedgerConnection
{
    private readonly EmbeddedAgentBudget budget;

    private EmbeddedConnection(EmbeddedAgentBudget budget) => this.budget = budget;

    public AgentBudgetClient Client => budget.Client;

    public IGrainFactory Grains => budget.Grains;

    /// <summary>Opens one that is there.</summary>
    /// <exception cref="AgentBudgetException">It cannot be used; the message names it and the mend.</exception>
    public static async Task<EmbeddedConnection> OpenAsync(StoreAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        new(
            await EmbeddedAgentBudget.StartAsync(
                options =>
                {
                    options.Path = address.SqlitePath;
                    options.Time = time;
                    // Whoever acts on one session does not mean to expire and purge others.
                    options.ConfigureLedger = ledger => ledger.SweepEnabled = false;
                    // Nor to post what waits for an endpoint.
                    options.ConfigureWebhooks = webhooks => webhooks.DeliveryEnabled = false;
                    // A person waits for the answer.
                    options.ConfigureClient = client => client.RetryFor = TimeSpan.FromSeconds(5);
                },
                cancellationToken
            )
        );

    public ValueTask DisposeAsync() => budget.DisposeAsync();
}
