using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace AgentBudget;

/// <summary>Adds the streams of events to a silo.</summary>
public static class BudgetStreamsSiloBuilderExtensions
{
    /// <summary>
    /// Adds the stream provider <see cref="BudgetStreams.Provider"/> over the ledger's feed, for implicit subscriptions. To be called on
    /// every
    /// silo.
    /// </summary>
    /// <param name="silo">The silo, with <c>AddAgentBudget</c>.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ISiloBuilder AddAgentBudgetStreams(this ISiloBuilder silo, Action<BudgetStreamsOptions>? configure = null)
    {
        var options = new BudgetStreamsOptions();
        configure?.Invoke(options);
        options.Validate();
        silo.Services.TryAddSingleton(services => new BudgetStreamDeadLetters(services.GetRequiredService<ILedgerStore>()));
        return silo.AddPersistentStreams(
            BudgetStreams.Provider,
            (services, _) =>
                new FeedQueueAdapterFactory(
                    services.GetRequiredService<ILedgerStore>(),
                    services.GetRequiredService<EventReader>(),
                    services.GetRequiredService<LedgerClock>(),
                    options,
                    services.GetRequiredService<BudgetStreamDeadLetters>(),
                    services.GetRequiredService<LedgerMetrics>(),
                    services.GetRequiredService<ILoggerFactory>()
                ),
            streams =>
            {
                streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
                streams.ConfigurePullingAgent(agents =>
                    agents.Configure(agent =>
                    {
                        agent.GetQueueMsgsTimerPeriod = options.PollInterval;
                        agent.MaxEventDeliveryTime = options.MaxDeliveryTime;
                        // A cursor is asked for the next event when the one before has been taken, or has failed.
                        agent.BatchContainerBatchSize = 1;
                    })
                );
            }
        );
    }
}
