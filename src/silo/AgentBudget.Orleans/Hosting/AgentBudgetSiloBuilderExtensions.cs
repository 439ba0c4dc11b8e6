using AgentBudget.Abstractions.Hosting;
using AgentBudget.Orleans.Expiry;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Hosting;
using AgentBudget.Orleans.Prices;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Writing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentBudget;

/// <summary>Adds the budget ledger to a silo.</summary>
public static class AgentBudgetSiloBuilderExtensions
{
    /// <summary>The configuration section that options are bound to.</summary>
    public const string ConfigurationSection = "AgentBudget";

    /// <summary>
    /// Adds sessions, writer and sweep. A ledger store has to be added as well: <see cref="AddInMemoryLedgerStore"/>, or one of the
    /// store packages.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static ISiloBuilder AddAgentBudget(this ISiloBuilder silo, Action<AgentBudgetOptions>? configure = null)
    {
        var services = silo.Services;
        var options = services.AddOptions<AgentBudgetOptions>();
        if (silo.Configuration is { } configuration)
        {
            options.Bind(configuration.GetSection(ConfigurationSection));
            // Binding drops an entry of a list that it cannot read without a word; a price must not vanish like that.
            options.Configure(_ =>
                configuration
                    .GetSection($"{ConfigurationSection}:Prices")
                    .Get<LivePricesOptions>(binder => binder.ErrorOnUnknownConfiguration = true)
            );
        }

        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        services.TryAddEnumerable(OptionsCheck.Of<AgentBudgetOptions>(options => options.Validate()));
        // Orleans remembers a million, and of each id that was ever asked for: a reader of made-up ids would fill the silo.
        services
            .AddOptions<GrainDirectoryOptions>()
            .PostConfigure<IOptions<AgentBudgetOptions>>(
                (directory, ours) =>
                {
                    if (directory.CacheSize == GrainDirectoryOptions.DEFAULT_CACHE_SIZE)
                        directory.CacheSize = ours.Value.RememberedAddresses;
                }
            );
        AddLedger(services);
        return silo;
    }

    private static void AddLedger(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new LedgerClock(provider.GetRequiredService<TimeProvider>()));
        services.AddMetrics();
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<ILedgerWriterStatus>(provider => provider.GetRequiredService<LedgerWriter>());
        services.AddSingleton<SiloPrices>();
        services.AddSingleton<UsagePricer>();
        services.AddSingleton<EventOrigins>();
        services.AddSingleton<EventReader>();
        services.AddSingleton<FeedConsumers>();
        services.AddSingleton<FeedUpkeep>();
        services.AddSingleton<RetentionWatch>();
        services.AddSingleton<SiloStop>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloStop>());
        services.AddSingleton<SessionServices>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LedgerLifecycle>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ExpirySweepTrigger>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PriceAge>();
    }

    /// <summary>Keeps the ledger in memory: for tests, benchmarks and backtests. Everything is gone with the process.</summary>
    public static ISiloBuilder AddInMemoryLedgerStore(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<ILedgerStore, InMemoryLedgerStore>();
        return silo;
    }
}
