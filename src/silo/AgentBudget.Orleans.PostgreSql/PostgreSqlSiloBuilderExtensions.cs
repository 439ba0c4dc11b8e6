using AgentBudget.Orleans.PostgreSql;

namespace AgentBudget;

/// <summary>Adds the PostgreSQL ledger store to a silo.</summary>
public static class PostgreSqlSiloBuilderExtensions
{
    /// <summary>The configuration section that options are bound to.</summary>
    public const string ConfigurationSection = "AgentBudget:PostgreSql";

    /// <summary>Keeps the ledger in PostgreSQL, shared by all silos of the cluster. The schema is made and brought up to date at
    /// start.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static ISiloBuilder AddPostgreSqlLedgerStore(this ISiloBuilder silo, Action<PostgreSqlLedgerOptions>? configure = null) =>
        silo.AddLedgerStore<PostgreSqlLedgerStore, PostgreSqlLedgerOptions>(options => options.Validate(), configure, ConfigurationSection);
}
