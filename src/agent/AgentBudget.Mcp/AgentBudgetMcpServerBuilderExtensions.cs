using AgentBudget.Mcp;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentBudget;

/// <summary>Gives MCP servers tools that tell of budgets.</summary>
public static class AgentBudgetMcpServerBuilderExtensions
{
    /// <summary>
    /// The name under which a program that calls a tool may name its session in the request's metadata (<c>_meta</c>):
    /// <c>agentbudget/session</c>. It is believed only where <see cref="FindSessionId"/> is used to find the session.
    /// </summary>
    public const string SessionKey = "agentbudget/session";

    /// <summary>Adds the tools <c>get_budget_status</c>, <c>estimate_cost</c> and <c>list_recent_charges</c>. They change
    /// nothing.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="findSession">The session of a request, from its connection (who is signed in) or its metadata; null where it has
    /// none, which the caller is told. A model's arguments never name one.</param>
    public static IMcpServerBuilder WithAgentBudget(
        this IMcpServerBuilder builder,
        Func<RequestContext<CallToolRequestParams>, BudgetSession?> findSession
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(findSession);
        return builder.WithTools(BudgetTools.All(findSession));
    }

    /// <summary>
    /// The session's id that the calling program has put into the metadata of a request; null where it has not. Whoever can call the server
    /// can put any id there: on a server that serves several callers, check that the session is the caller's.
    /// </summary>
    /// <param name="request">The request.</param>
    public static string? FindSessionId(this RequestContext<CallToolRequestParams> request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var named = request.Params?.Meta?[SessionKey];
        return named is not null && named.GetValueKind() == System.Text.Json.JsonValueKind.String ? named.GetValue<string>() : null;
    }
}
