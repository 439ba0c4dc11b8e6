using AgentBudget.Extensions.AI;
using AgentBudget.Extensions.AI.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget;

/// <summary>Has sessions pay for what chat clients call.</summary>
public static class AgentBudgetChatClientExtensions
{
    /// <summary>
    /// Has a session pay for the calls of a chat client: money is set aside before each, its cap lowered to what was granted, and it is
    /// settled by what the provider says. A call that does not fit is not made; the session's own exception is thrown.
    /// </summary>
    /// <param name="client">The client of the provider, or what stands around it. Function invocation and caches stand around the
    /// budget.</param>
    /// <param name="session">The session.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Told what could not be settled; null for nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The client invokes functions, caches or has a budget itself: the budget belongs inside
    /// of these.</exception>
    public static IChatClient WithBudget(
        this IChatClient client,
        BudgetSession session,
        AgentBudgetChatOptions? options = null,
        ILogger? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(session);
        return Build(client, () => session, options, new QuietLogger(logger ?? NullLogger.Instance));
    }

    /// <summary>The same in a pipeline: behind <c>UseFunctionInvocation</c>, caches and <c>UseOpenTelemetry</c>, before the
    /// provider.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="session">The session.</param>
    /// <param name="configure">Sets options.</param>
    public static ChatClientBuilder UseAgentBudget(
        this ChatClientBuilder builder,
        BudgetSession session,
        Action<AgentBudgetChatOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        return builder.UseAgentBudget(_ => session, configure);
    }

    /// <summary>The same for a client that serves many sessions: the one that is found for a call, else
    /// <see cref="BudgetSession.Current"/>. A call that no session pays for is refused (<see cref="NoBudgetSessionException"/>).</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="findSession">Finds the session of a call; null for the one that is entered.</param>
    /// <param name="configure">Sets options.</param>
    public static ChatClientBuilder UseAgentBudget(
        this ChatClientBuilder builder,
        Func<IServiceProvider, BudgetSession?>? findSession = null,
        Action<AgentBudgetChatOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new AgentBudgetChatOptions();
        configure?.Invoke(options);
        return builder.Use(
            (inner, services) =>
                Build(
                    inner,
                    () => findSession?.Invoke(services),
                    options,
                    new QuietLogger(services.GetService<ILogger<AgentBudgetChatOptions>>() ?? NullLogger<AgentBudgetChatOptions>.Instance)
                )
        );
    }

    private static BudgetedChatClient Build(
        IChatClient client,
        Func<BudgetSession?> findSession,
        AgentBudgetChatOptions? options,
        QuietLogger logger
    )
    {
        options ??= new AgentBudgetChatOptions();
        options.Validate();
        Placement.Check(client);
        return new BudgetedChatClient(client, findSession, options, logger);
    }
}
