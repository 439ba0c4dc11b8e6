using AgentBudget.Client.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentBudget;

/// <summary>Adds the budget to a program that is not a silo.</summary>
public static class AgentBudgetServiceCollectionExtensions
{
    /// <summary>
    /// Adds an Orleans client that is connected to AgentBudget servers, and <see cref="AgentBudgetClient"/> on it. It connects when the
    /// host starts; after that it finds servers again by itself, and operations are sent again with their key until their outcome is known.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="connect">Names the servers, over what the configuration section <c>AgentBudget:Client</c> names.</param>
    /// <param name="configure">Sets prices, retries and the rest, over what the section says.</param>
    public static IServiceCollection AddAgentBudgetClient(
        this IServiceCollection services,
        Action<AgentBudgetConnectionOptions>? connect = null,
        Action<AgentBudgetClientOptions>? configure = null
    ) => services.AddOrleansClient(client => client.UseAgentBudgetGateways(connect).AddAgentBudget(configure));

    /// <summary>
    /// Has <see cref="BudgetSession.Current"/> flow across grain calls: what is current where a grain is called is current inside the
    /// grain. To be asked for on both sides, of silos and of clients, beside <see cref="AgentBudgetClient"/>. The id that arrives is
    /// believed: who may call grains may name any session.
    /// </summary>
    /// <param name="services">The silo's or the program's services.</param>
    public static IServiceCollection AddAgentBudgetSessionFlow(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services
            .AddSingleton<SessionFlow>()
            .AddSingleton<IOutgoingGrainCallFilter>(provider => provider.GetRequiredService<SessionFlow>())
            .AddSingleton<IIncomingGrainCallFilter>(provider => provider.GetRequiredService<SessionFlow>());
    }
}
