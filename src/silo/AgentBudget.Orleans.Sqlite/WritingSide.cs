namespace AgentBudget.Orleans.Sqlite;

/// <summary>The thread that writes a ledger, for all that have to do with it: there once the store was started for writing.</summary>
internal sealed class WritingSide(string filePath, bool isReadOnly)
{
    /// <summary>The thread; null before the start, and where the store reads only.</summary>
    public SqliteWorker? Worker { get; set; }

    /// <exception cref="LedgerStoreUnavailableException">Nothing can be written.</exception>
    public SqliteWorker Get() =>
        Worker
        ?? throw new LedgerStoreUnavailableException(
            isReadOnly ? $"The ledger {filePath} was opened for reading only." : $"The ledger {filePath} was not started."
        );
}
