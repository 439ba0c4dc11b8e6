using AgentBudget.Http.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget;

/// <summary>Puts a budget under clients of <see cref="IHttpClientFactory"/>.</summary>
public static class AgentBudgetHttpClientBuilderExtensions
{
    /// <summary>
    /// Has sessions pay for the calls to models of a client, or, with <c>services.ConfigureHttpClientDefaults(client =>
    /// client.AddAgentBudget())</c>, of all clients of the factory. The session is the one that a request names, else the one that is
    /// found here, else <see cref="BudgetSession.Current"/>. It stands nearest to the wire, in whatever order handlers are added.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="findSession">Finds the session for a request; null for the one that a request names or that is entered.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IHttpClientBuilder AddAgentBudget(
        this IHttpClientBuilder builder,
        Func<IServiceProvider, HttpRequestMessage, BudgetSession?>? findSession = null,
        Action<AgentBudgetHttpOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new AgentBudgetHttpOptions();
        configure?.Invoke(options);
        options.Validate();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, NearestTheWire>());
        return builder.AddHttpMessageHandler(services => new AgentBudgetHandler(
            request => findSession?.Invoke(services, request),
            options,
            new QuietLogger(services.GetService<ILogger<AgentBudgetHandler>>() ?? NullLogger<AgentBudgetHandler>.Instance)
        ));
    }
}
