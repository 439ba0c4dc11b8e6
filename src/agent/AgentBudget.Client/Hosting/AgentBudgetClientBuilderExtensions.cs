using AgentBudget.Abstractions.Hosting;
using AgentBudget.Client.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace AgentBudget;

/// <summary>Adds the budget to an Orleans client.</summary>
public static class AgentBudgetClientBuilderExtensions
{
    /// <summary>The configuration section that options are bound to.</summary>
    public const string ConfigurationSection = "AgentBudget:Client";

    /// <summary>
    /// Adds <see cref="AgentBudgetClient"/> to the services. Where the silos are is the client builder's to say: by
    /// <see cref="UseAgentBudgetGateways"/>, or by a clustering provider.
    /// </summary>
    /// <param name="client">The Orleans client.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static IClientBuilder AddAgentBudget(this IClientBuilder client, Action<AgentBudgetClientOptions>? configure = null)
    {
        var options = client
            .Services.AddOptions<AgentBudgetClientOptions>()
            .Configure<IServiceProvider>(Bind)
            .Configure<IServiceProvider>(EnsurePricesAreReadable);
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        client.Services.TryAddEnumerable(OptionsCheck.Of<AgentBudgetClientOptions>(ValidateWithPrices));
        client.Services.TryAddSingleton(TimeProvider.System);
        client.Services.TryAddSingleton(services => new AgentBudgetClient(
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IOptions<AgentBudgetClientOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<AgentBudgetClient>>()
        ));
        return client;
    }

    /// <summary>Connects to servers whose gateways are named one by one, waits for the first of them at start, and looks for lost
    /// ones.</summary>
    /// <param name="client">The Orleans client.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static IClientBuilder UseAgentBudgetGateways(this IClientBuilder client, Action<AgentBudgetConnectionOptions>? configure = null)
    {
        var options = client.Services.AddOptions<AgentBudgetConnectionOptions>().Configure<IServiceProvider>(Bind);
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        client.Services.TryAddEnumerable(OptionsCheck.Of<AgentBudgetConnectionOptions>(options => options.Validate()));
        client.Services.TryAddSingleton(TimeProvider.System);
        client.Services.AddSingleton<IGatewayListProvider, NamedGateways>();
        client
            .Services.AddOptions<ClusterOptions>()
            .Configure<IOptions<AgentBudgetConnectionOptions>>(
                (cluster, connection) => (cluster.ClusterId, cluster.ServiceId) = (connection.Value.ClusterId, connection.Value.ServiceId)
            );
        client
            .Services.AddOptions<GatewayOptions>()
            .Configure<IOptions<AgentBudgetConnectionOptions>>(
                (gateways, connection) => gateways.GatewayListRefreshPeriod = connection.Value.GatewayRefreshInterval
            );
        return client.UseConnectionRetryFilter<FirstConnection>();
    }

    // From the program's own configuration, which the client builder does not always have.
    private static void Bind<T>(T options, IServiceProvider services)
        where T : class => services.GetService<IConfiguration>()?.GetSection(ConfigurationSection).Bind(options);

    // Binding drops an entry of a list that it cannot read without a word; a price must not vanish like that.
    private static void EnsurePricesAreReadable(AgentBudgetClientOptions options, IServiceProvider services) =>
        services
            .GetService<IConfiguration>()
            ?.GetSection($"{ConfigurationSection}:Prices")
            .Get<LivePricesOptions>(binder => binder.ErrorOnUnknownConfiguration = true);

    private static void ValidateWithPrices(AgentBudgetClientOptions options)
    {
        Named("", options.Validate);
        Named($"{nameof(options.Prices)}: ", options.Prices.ValidateWithFiles);
    }

    private static void Named(string setting, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{ConfigurationSection}:{setting}{exception.Message}", exception);
        }
    }
}
