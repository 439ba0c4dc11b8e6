using System.ClientModel;
using AgentBudget;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using OpenAI;

namespace ToolAgent;

/// <summary>An agent: a model, function invocation, the tools of a server, and one budget for all of it.</summary>
internal static class Agent
{
    public static async Task<ChatResponse> RunAsync(BudgetSession session, string key, Uri endpoint, Uri server)
    {
        var openAi = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = endpoint });
        using var chat = openAi
            .GetChatClient("gpt-5")
            .AsIChatClient()
            .AsBuilder()
            .UseFunctionInvocation()
            .UseAgentBudget(session) // behind function invocation and caches: nearest to the provider
            .Build();

        await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = server }));
        var tools = (await mcp.ListToolsAsync()).WithBudget(session, "0.01");

        var options = new ChatOptions { Tools = tools, MaxOutputTokens = 1_000 };
        return await chat.GetResponseAsync("What is a hard limit? Search for it.", options);
    }
}
