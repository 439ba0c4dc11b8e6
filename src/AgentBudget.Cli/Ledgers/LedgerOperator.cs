using AgentBudget.Cli.Input;
using AgentBudget.Client;
using AgentBudget.Embedded;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Ledgers;

/// <summary>A ledger that is acted on: opened for writing, with the real clock, by this process alone. It is never made here.</summary>
internal sealed class LedgerOperator : IAsyncDisposable
{
    private readonly StoreAddress address;
    private readonly EmbeddedAgentBudget budget;

    private LedgerOperator(StoreAddress address, EmbeddedAgentBudget budget) => (this.address, this.budget) = (address, budget);

    /// <exception cref="CommandFailedException">It is not there.</exception>
    public static async Task<LedgerOperator> OpenAsync(StoreAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(address.FilePath)) throw new CommandFailedException($"There is no ledger at {address.FilePath}; check the path.");
        var budget = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = address.SqlitePath;
                options.Time = time;
                // Whoever acts on one session does not mean to expire and purge others.
                options.ConfigureLedger = ledger => ledger.SweepEnabled = false;
            },
            cancellationToken);
        return new LedgerOperator(address, budget);
    }

    /// <summary>A session that was opened.</summary>
    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public async Task<BudgetSession> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        await LedgerReader.FindAsync(budget.Store, address, sessionId, cancellationToken);
        return budget.Client.Get(sessionId);
    }

    /// <summary>The session's head as it is stored now.</summary>
    public async Task<SessionHead> HeadAsync(string sessionId, CancellationToken cancellationToken) =>
        (await LedgerReader.FindAsync(budget.Store, address, sessionId, cancellationToken)).Head;

    public ValueTask DisposeAsync() => budget.DisposeAsync();
}
