using AgentBudget.Abstractions.Hosting;
using AgentBudget.Orleans.PostgreSql;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
    public static ISiloBuilder AddPostgreSqlLedgerStore(this ISiloBuilder silo, Action<PostgreSqlLedgerOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<PostgreSqlLedgerOptions>();
        if (silo.Configuration is { } configuration)
            options.Bind(configuration.GetSection(ConfigurationSection));
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        silo.Services.TryAddEnumerable(OptionsCheck.Of<PostgreSqlLedgerOptions>(options => options.Validate()));
        silo.Services.TryAddSingleton<ILedgerStore, PostgreSqlLedgerStore>();
        return silo;
    }
}
