using System.ComponentModel;
using AgentBudget;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace ToolAgent;

/// <summary>An MCP server with a tool that finds nothing, and those that tell an agent of its budget.</summary>
internal static class SearchServer
{
    public static async Task<WebApplication> StartAsync(AgentBudgetClient client)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder
            .Services.AddMcpServer()
            .WithHttpTransport()
            .WithTools<Tools>()
            .WithAgentBudget(request => request.FindSessionId() is { } id ? client.Get(id) : null);
        var server = builder.Build();
        server.MapMcp();
        await server.StartAsync();
        return server;
    }

    public static Uri AddressOf(WebApplication server) => new(server.Urls.First());

    [McpServerToolType]
    internal sealed class Tools
    {
        [McpServerTool(Name = "search", ReadOnly = true), Description("Searches the web.")]
        public static string Search(string query) => $"Nothing was found about {query}.";
    }
}
