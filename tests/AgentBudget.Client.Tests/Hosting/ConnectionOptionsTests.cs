using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentBudget.Client.Tests.Hosting;

/// <summary>Where a client finds the servers is checked before it looks for them.</summary>
public sealed class ConnectionOptionsTests
{
    [Theory]
    [InlineData("localhost:30000")]
    [InlineData("budget.internal:1")]
    [InlineData("10.0.0.7:65535")]
    [InlineData("[::1]:30000")]
    public void Options_WithAGateway_AreFine(string gateway) => new AgentBudgetConnectionOptions { Gateways = [gateway] }.Validate();

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData(":30000")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:+1")]
    [InlineData("http://localhost:30000")]
    public void Options_WithAGatewayThatIsNone_NameIt(string gateway)
    {
        var problem = ProblemOf(new AgentBudgetConnectionOptions { Gateways = ["localhost:30000", gateway] });
        Assert.StartsWith("AgentBudget:Client:Gateways:1 ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreNamed()
    {
        string[] gateways = ["localhost:30000"];
        Assert.Contains("Gateways", ProblemOf(new AgentBudgetConnectionOptions()), StringComparison.Ordinal);
        Assert.Contains(
            "ClusterId",
            ProblemOf(new AgentBudgetConnectionOptions { Gateways = gateways, ClusterId = " " }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ServiceId",
            ProblemOf(new AgentBudgetConnectionOptions { Gateways = gateways, ServiceId = "" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ConnectFor",
            ProblemOf(new AgentBudgetConnectionOptions { Gateways = gateways, ConnectFor = TimeSpan.FromHours(1) }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "GatewayRefreshInterval",
            ProblemOf(new AgentBudgetConnectionOptions { Gateways = gateways, GatewayRefreshInterval = TimeSpan.Zero }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Host_WithPricesInItsSettings_PricesWithThem()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([
            new("AgentBudget:Client:Gateways:0", "localhost:30000"),
            new("AgentBudget:Client:Prices:Models:0:Provider", "ours"),
            new("AgentBudget:Client:Prices:Models:0:Model", "m"),
            new("AgentBudget:Client:Prices:Models:0:InputUsdPerMillion", "1.25"),
            new("AgentBudget:Client:Prices:Models:0:OutputUsdPerMillion", "10"),
            new("AgentBudget:Client:Prices:ToolPrices:web_search", "0.01"),
            new("AgentBudget:Client:UnknownModels:FreePatterns:0", "local/*"),
        ]);
        builder.Services.AddAgentBudgetClient(configure: options =>
            options.Prices.Names = [new ModelName("openai", "my-deployment", "gpt-4o")]
        );
        using var host = builder.Build();
        var options = host.Services.GetRequiredService<IOptions<AgentBudgetClientOptions>>().Value;

        using var prices = new LivePrices(options.Prices);

        var million = new TokenUsage(1_000_000, 0);
        Assert.Equal(Money.Parse("1.25"), prices.Current.Price("ours", "m", DateTimeOffset.UnixEpoch, million).Cost);
        Assert.True(prices.Current.TryResolve("openai", "my-deployment", DateTimeOffset.UnixEpoch, out _));
        Assert.Equal(Money.Parse("0.01"), prices.Tools.Find("web_search")!.Before(null));
        // What one program configures must not become everybody's default.
        Assert.Equal(["local/*"], options.UnknownModels.FreePatterns);
        Assert.Empty(UnknownModelRules.None.FreePatterns);
        Assert.Empty(new AgentBudgetClientOptions().UnknownModels.FreePatterns);
    }

    [Theory]
    [InlineData("AgentBudget:Client:Gateways:0", "nowhere")]
    [InlineData("AgentBudget:Client:RetryFor", "1.00:00:00")]
    [InlineData("AgentBudget:Client:Prices:Path", "no-such-folder")]
    public async Task Host_WithAWrongSetting_DoesNotStartAndNamesIt(string setting, string value)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["AgentBudget:Client:Gateways:0"] = "localhost:30000";
        builder.Configuration[setting] = value;
        builder.Services.AddAgentBudgetClient();
        using var host = builder.Build();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(setting.Replace("Prices:Path", "Prices", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    private static string ProblemOf(AgentBudgetConnectionOptions options) => Assert.Throws<ArgumentException>(options.Validate).Message;
}
