using AgentBudget.Abstractions.Hosting;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentBudget;

/// <summary>Adds a ledger store to a silo: what the extension method of each store's own stands on.</summary>
public static class LedgerStoreSiloBuilderExtensions
{
    /// <summary>Keeps the ledger in a store, unless the silo has one already. Its options are checked when the silo starts, before any
    /// session is served.</summary>
    /// <typeparam name="TStore">The store, made once by the silo's services.</typeparam>
    /// <typeparam name="TOptions">Its options, which it asks for as <c>IOptions</c>.</typeparam>
    /// <param name="silo">The silo.</param>
    /// <param name="validate">Checks the options; throws <see cref="ArgumentException"/> that names the setting and the mend, which is what
    /// the failed start says.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    /// <param name="configurationSection">The section that options are bound to, such as <c>AgentBudget:PostgreSql</c>; null for
    /// none.</param>
    public static ISiloBuilder AddLedgerStore<TStore, TOptions>(
        this ISiloBuilder silo,
        Action<TOptions> validate,
        Action<TOptions>? configure = null,
        string? configurationSection = null
    )
        where TStore : class, ILedgerStore
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(validate);
        var options = silo.Services.AddOptions<TOptions>();
        if (configurationSection is not null && silo.Configuration is { } configuration)
            options.Bind(configuration.GetSection(configurationSection));
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        silo.Services.TryAddEnumerable(OptionsCheck.Of(validate));
        silo.Services.TryAddSingleton<ILedgerStore, TStore>();
        return silo;
    }
}
