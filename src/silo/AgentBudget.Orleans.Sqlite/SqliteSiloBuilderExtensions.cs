using AgentBudget.Abstractions.Hosting;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentBudget;

/// <summary>Adds the SQLite ledger store to a silo.</summary>
public static class SqliteSiloBuilderExtensions
{
    /// <summary>Keeps the ledger in a SQLite file. For one silo: the file has one writing process.</summary>
    public static ISiloBuilder AddSqliteLedgerStore(this ISiloBuilder silo, Action<SqliteLedgerOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<SqliteLedgerOptions>();
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        silo.Services.TryAddEnumerable(OptionsCheck.Of<SqliteLedgerOptions>(checkedOptions => checkedOptions.Validate()));
        silo.Services.TryAddSingleton<ILedgerStore, SqliteLedgerStore>();
        return silo;
    }
}
