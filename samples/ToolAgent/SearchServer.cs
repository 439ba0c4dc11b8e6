using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace ToolAgent;

/// <summary>An MCP server with one tool, which finds nothing.</summary>
internal static class SearchServer
{
    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMcpServer().WithHttpTransport().WithTools<Tools>();
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
