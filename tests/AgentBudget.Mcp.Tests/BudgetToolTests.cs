using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentBudget.Mcp.Tests;

/// <summary>The tools of a real server over HTTP, as a real client sees them.</summary>
public sealed class BudgetToolTests : IAsyncLifetime
{
    private EmbeddedAgentBudget? budget;
    private BudgetSession? session;
    private WebApplication? server;
    private McpClient? client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
        session = await budget.OpenAsync("$1.00");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder
            .Services.AddMcpServer()
            .WithHttpTransport()
            .WithAgentBudget(request => request.FindSessionId() is { } id ? budget.Client.Get(id) : null);
        server = builder.Build();
        server.MapMcp();
        await server.StartAsync(Stop);
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(server.Urls.First()) });
        client = await McpClient.CreateAsync(transport, cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await client!.DisposeAsync();
        await server!.DisposeAsync();
        await session!.DisposeAsync();
        await budget!.DisposeAsync();
    }

    // A model could name anybody's: its arguments have no place for a session.
    [Fact]
    public async Task Tools_OnlyRead_AndTakeNoSession()
    {
        var tools = await client!.ListToolsAsync(cancellationToken: Stop);
        Assert.Equal(["estimate_cost", "get_budget_status", "list_recent_charges"], tools.Select(tool => tool.Name).Order());
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations!.ReadOnlyHint));
        Assert.All(tools, tool => Assert.DoesNotContain("session", tool.JsonSchema.GetRawText(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Status_SaysWhatIsLeft()
    {
        await session!.TrackAsync("found", "search", "0.25", null, Stop);
        var status = await AskAsync("get_budget_status");
        Assert.Equal("0.750000000", (string?)status["available"]);
        Assert.Equal(("0.250000000", "open"), ((string?)status["spent"], (string?)status["state"]));
    }

    [Fact]
    public async Task Estimate_IsWhatWouldBeSetAside()
    {
        var estimate = await AskAsync("estimate_cost", ("model", "gpt-5"), ("inputTokens", 1_000), ("maxOutputTokens", 100));
        // 1,000 x 1.25 and 100 x 10 millionths.
        Assert.Equal(("0.002250000", true), ((string?)estimate["cost_at_most"], (bool)estimate["fits"]!));
        Assert.Equal("0", (await session!.ReportAsync(cancellationToken: Stop)).Standing.Reserved.NanoDollars.ToString());
    }

    [Fact]
    public async Task Charges_AreListedNewestFirst()
    {
        await session!.TrackAsync("found", "search", "0.01", null, Stop);
        await session.ChargeAsync("gpt-5", new TokenUsage(1_000, 100), cancellationToken: Stop);
        var charges = (await AskAsync("list_recent_charges", ("count", 5)))["charges"]!.AsArray();
        Assert.Equal(["gpt-5", "search"], charges.Select(charge => (string?)charge!["name"]));
    }

    // Only as many entries as four a charge were looked through: an agent that set much aside and gave it back had no charges.
    [Fact]
    public async Task Charges_ThatLieFarApart_AreListedAllTheSame()
    {
        await session!.TrackAsync("found", "search", "0.01", null, Stop);
        for (var i = 0; i < 12; i++)
        {
            await using var call = await session.ReserveAsync(CallEstimate.Tool($"look-{i}", "0.01"), cancellationToken: Stop);
            await call.ReleaseAsync();
        }

        var charges = (await AskAsync("list_recent_charges", ("count", 2)))["charges"]!.AsArray();

        Assert.Equal(["search"], charges.Select(charge => (string?)charge!["name"]));
    }

    [Fact]
    public async Task Charges_OfALongTimeline_AreTheLastOnes()
    {
        for (var i = 0; i < 60; i++)
            await session!.TrackAsync($"found {i}", $"search-{i}", "0.001", null, Stop);
        var charges = (await AskAsync("list_recent_charges", ("count", 3)))["charges"]!.AsArray();
        Assert.Equal(["search-59", "search-58", "search-57"], charges.Select(charge => (string?)charge!["name"]));
    }

    // It has the money, and takes no call.
    [Fact]
    public async Task Session_ThatIsPaused_SaysSoAndTakesNoCall()
    {
        await session!.PauseAsync(cancellationToken: Stop);
        Assert.Equal("paused", (string?)(await AskAsync("get_budget_status"))["state"]);
        var estimate = await AskAsync("estimate_cost", ("model", "gpt-5"), ("inputTokens", 1), ("maxOutputTokens", 1));
        Assert.False((bool)estimate["fits"]!);
    }

    [Fact]
    public async Task Tool_WithoutASession_SaysSo()
    {
        var result = await client!.CallToolAsync("get_budget_status", cancellationToken: Stop);
        Assert.True(result.IsError);
        Assert.Contains("No budget session", ((TextContentBlock)result.Content[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Estimate_OfAModelThatNobodyKnows_SaysSo()
    {
        var result = await CallAsync("estimate_cost", session!, ("model", "no-such-model"), ("inputTokens", 1));
        Assert.True(result.IsError);
        Assert.Contains("no-such-model", ((TextContentBlock)result.Content[0]).Text, StringComparison.Ordinal);
    }

    // What is kept back for the last answer was taken for money that any call may have.
    [Theory]
    // 100,000 x 10 millionths is $1.00; a fifth of it is kept back, a tenth is beyond the hard limit.
    [InlineData(70_000, SessionMode.Enforce, true)]
    [InlineData(70_001, SessionMode.Enforce, false)]
    [InlineData(1_000_000, SessionMode.Observe, true)]
    public async Task Estimate_Fits_WhereAReservationIsGranted(int outputTokens, SessionMode mode, bool fits)
    {
        await using var other = await OpenAsync(mode);

        var estimate = await AskAsync("estimate_cost", other, ("model", "gpt-5"), ("inputTokens", 0), ("maxOutputTokens", outputTokens));

        Assert.Equal(fits, (bool)estimate["fits"]!);
        Assert.Equal(fits, await IsGrantedAsync(other, outputTokens));
    }

    [Fact]
    public async Task Estimate_OfASessionThatHasEnded_FitsNot()
    {
        var other = await OpenAsync(SessionMode.Observe);
        await other.CloseAsync(Stop);

        var estimate = await AskAsync("estimate_cost", other, ("model", "gpt-5"), ("inputTokens", 0), ("maxOutputTokens", 1));

        Assert.False((bool)estimate["fits"]!);
    }

    private Task<BudgetSession> OpenAsync(SessionMode mode) =>
        budget!.Client.OpenAsync(
            new BudgetSessionOptions
            {
                Budget = Money.Parse("1.00"),
                HardLimit = 0.9m,
                FinalizationReserve = 0.2m,
                Mode = mode,
            },
            cancellationToken: Stop
        );

    private static async Task<bool> IsGrantedAsync(BudgetSession session, int outputTokens)
    {
        var reserve = new ReserveOptions { WaitForMoney = TimeSpan.Zero };
        try
        {
            await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 0, outputTokens), reserve, Stop);
            await call.ReleaseAsync();
            return true;
        }
        catch (MoneyRefusedException)
        {
            return false;
        }
    }

    private Task<JsonObject> AskAsync(string tool, params (string Name, object Value)[] arguments) => AskAsync(tool, session!, arguments);

    private async Task<JsonObject> AskAsync(string tool, BudgetSession of, params (string Name, object Value)[] arguments)
    {
        var result = await CallAsync(tool, of, arguments);
        Assert.NotEqual(true, result.IsError);
        return JsonSerializer.SerializeToNode(result.StructuredContent)!.AsObject();
    }

    private async Task<CallToolResult> CallAsync(string tool, BudgetSession of, params (string Name, object Value)[] arguments)
    {
        var call = new CallToolRequestParams
        {
            Name = tool,
            Arguments = arguments.ToDictionary(one => one.Name, one => JsonSerializer.SerializeToElement(one.Value)),
            Meta = new JsonObject { [AgentBudgetMcpServerBuilderExtensions.SessionKey] = of.Id },
        };
        return await client!.CallToolAsync(call, Stop);
    }
}
