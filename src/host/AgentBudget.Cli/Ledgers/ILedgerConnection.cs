namespace AgentBudget.Cli.Ledgers;

/// <summary>A way to a ledger that can be acted on.</summary>
internal interface ILedgerConnection : IAsyncDisposable
{
    /// <summary>Acts, and reads.</summary>
    AgentBudgetClient Client { get; }

    /// <summary>The ledger's grains, for what the client does not do.</summary>
    IGrainFactory Grains { get; }
}
