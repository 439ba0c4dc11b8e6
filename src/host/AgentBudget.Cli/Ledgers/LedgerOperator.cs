using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Ledgers;

/// <summary>A ledger that is acted on: opened for writing, with the real clock, by this process alone. It is never made here.</summary>
internal sealed class LedgerOperator : IAsyncDisposable
{
    private readonly StoreAddress address;
    private readonly EmbeddedAgentBudget budget;

    private LedgerOperator(StoreAddress address, EmbeddedAgentBudget budget) => (this.address, this.budget) = (address, budget);

    /// <summary>Opens a ledger for one session that is in it. What is wrong with either is found by reading, before anything is locked or
    /// written.</summary>
    /// <exception cref="CommandFailedException">There is no such session.</exception>
    public static async Task<LedgerOperator> OpenAsync(
        StoreAddress address,
        string sessionId,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using (var reader = await LedgerReader.OpenAsync(address, cancellationToken))
            await reader.FindAsync(sessionId, cancellationToken);
        var budget = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = address.SqlitePath;
                options.Time = time;
                // Whoever acts on one session does not mean to expire and purge others.
                options.ConfigureLedger = ledger => ledger.SweepEnabled = false;
                // A person waits for the answer.
                options.ConfigureClient = client => client.RetryFor = TimeSpan.FromSeconds(5);
            },
            cancellationToken
        );
        return new LedgerOperator(address, budget);
    }

    /// <summary>A session of the ledger.</summary>
    public BudgetSession Get(string sessionId) => budget.Client.Get(sessionId);

    /// <summary>The session's head as it is stored now.</summary>
    public async Task<SessionHead> HeadAsync(string sessionId, CancellationToken cancellationToken) =>
        (await LedgerReader.FindAsync(budget.Store, address, sessionId, cancellationToken)).Head;

    public ValueTask DisposeAsync() => budget.DisposeAsync();
}
