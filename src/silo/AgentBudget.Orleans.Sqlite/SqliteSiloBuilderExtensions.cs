using AgentBudget.Orleans.Sqlite;

namespace AgentBudget;

/// <summary>Adds the SQLite ledger store to a silo.</summary>
public static class SqliteSiloBuilderExtensions
{
    /// <summary>Keeps the ledger in a SQLite file. For one silo: the file has one writing process.</summary>
    public static ISiloBuilder AddSqliteLedgerStore(this ISiloBuilder silo, Action<SqliteLedgerOptions>? configure = null) =>
        silo.AddLedgerStore<SqliteLedgerStore, SqliteLedgerOptions>(options => options.Validate(), configure);
}
