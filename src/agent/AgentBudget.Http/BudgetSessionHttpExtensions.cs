using System.ClientModel.Primitives;
using Microsoft.Extensions.Logging;

namespace AgentBudget;

/// <summary>Puts a session under clients of models.</summary>
public static class BudgetSessionHttpExtensions
{
    // One pool of connections for all sessions, which come and go. No cookies: they would cross from one to the other.
    private static readonly SocketsHttpHandler Shared = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false };

    /// <summary>
    /// A client whose calls to models the session pays for, for any SDK that takes one (<c>new AnthropicClient { HttpClient = … }</c>).
    /// It has no time-out of its own; SDKs bring theirs. All such clients share their connections; disposing one closes none.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="inner">What sends; null for a handler that all sessions share.</param>
    /// <param name="logger">Told what could not be settled; null for nobody.</param>
    public static HttpClient HttpClient(
        this BudgetSession session,
        AgentBudgetHttpOptions? options = null,
        HttpMessageHandler? inner = null,
        ILogger? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        var handler = new AgentBudgetHandler(session, options, logger) { InnerHandler = inner ?? Shared };
        return new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>
    /// Has a session pay for what a client on System.ClientModel calls: OpenAI's, Azure's, and others of theirs.
    /// <c>new OpenAIClient(key, new OpenAIClientOptions().WithBudget(session))</c>. Each retry sets its own money aside.
    /// </summary>
    /// <param name="client">The options of the client, which have no transport yet.</param>
    /// <param name="session">The session.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="inner">What sends; null for a handler that all sessions share.</param>
    /// <param name="logger">Told what could not be settled; null for nobody.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="InvalidOperationException">They have a transport already, which would be lost.</exception>
    public static TOptions WithBudget<TOptions>(
        this TOptions client,
        BudgetSession session,
        AgentBudgetHttpOptions? options = null,
        HttpMessageHandler? inner = null,
        ILogger? logger = null
    )
        where TOptions : ClientPipelineOptions
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.Transport is not null)
            throw new InvalidOperationException(
                "The client's options have a transport already. Give its handler to WithBudget as what sends, and no transport."
            );
        client.Transport = new HttpClientPipelineTransport(session.HttpClient(options, inner, logger));
        return client;
    }

    /// <summary>Names the session that pays for a request, whatever session its client has. It is not sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="session">The session.</param>
    public static void SetBudgetSession(this HttpRequestMessage request, BudgetSession session)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(session);
        Http.SessionOfRequest.Set(request, session);
    }
}
