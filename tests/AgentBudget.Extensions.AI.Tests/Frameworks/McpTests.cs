using System.ComponentModel;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Server;

namespace AgentBudget.Extensions.AI.Tests.Frameworks;

/// <summary>Tools of a real MCP server over HTTP.</summary>
public sealed class McpTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ToolLoop_OfAnMcpTool_EndsTheTurn()
    {
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server);
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = Script.Normal with { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] };
        await using var session = await ledger.OpenAsync("5.00");
        var tools = (await client.ListToolsAsync(cancellationToken: Stop)).WithBudget(session, "0.01");
        using var chat = ChatWay.OpenAiChat.Client(session, provider.Address).AsBuilder().UseFunctionInvocation().Build();

        var response = await chat.GetResponseAsync("Search.", new() { MaxOutputTokens = 500, Tools = tools }, Stop);

        Assert.Equal(new BudgetStop(BudgetStopKind.ToolRefused, "loop_detected"), response.GetBudgetStop());
        var runs = (await session.EntriesAsync(EntryKind.Settled)).Count(entry => entry.Call!.Kind == CallKind.Tool);
        Assert.Equal(runs + 1, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync() + Money.FromNanoDollars(runs * 10_000_000L), await session.SpentAsync());
    }

    // What a program calls itself passes no function of a model's; the session runs it.
    [Fact]
    public async Task Tool_ThatIsCalledDirectly_IsRunByTheSession()
    {
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server);
        await using var session = await ledger.OpenAsync("0.015");
        var arguments = new Dictionary<string, object?> { ["query"] = "hard limits" };

        await session.RunToolAsync(
            "search",
            "0.01",
            token => client.CallToolAsync("search", arguments, cancellationToken: token).AsTask(),
            """{"query":"hard limits"}""",
            Stop
        );
        await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            session.RunToolAsync(
                "search",
                "0.01",
                token => client.CallToolAsync("search", arguments, cancellationToken: token).AsTask(),
                argumentsJson: null,
                Stop
            )
        );

        Assert.StartsWith("Reserved, Settled", await session.RowsAsync());
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMcpServer().WithHttpTransport().WithTools<SearchTools>();
        var server = builder.Build();
        server.MapMcp();
        await server.StartAsync(Stop);
        return server;
    }

    private static Task<McpClient> ConnectAsync(WebApplication server) =>
        McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(server.Urls.First()) }),
            cancellationToken: Stop
        );

    [McpServerToolType]
    internal sealed class SearchTools
    {
        [McpServerTool(Name = "search"), Description("Searches.")]
        public static string Search(string query) => $"Nothing about {query.Length * 0}.";
    }
}
