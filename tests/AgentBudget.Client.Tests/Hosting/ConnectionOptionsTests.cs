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
    public void Options_WithAGateway_AreFine(string gateway) => Assert.Null(new AgentBudgetConnectionOptions { Gateways = [gateway] }.FindProblem());

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
        var problem = new AgentBudgetConnectionOptions { Gateways = ["localhost:30000", gateway] }.FindProblem();
        Assert.StartsWith("AgentBudget:Client:Gateways:1 ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreNamed()
    {
        string[] gateways = ["localhost:30000"];
        Assert.Contains("Gateways", new AgentBudgetConnectionOptions().FindProblem(), StringComparison.Ordinal);
        Assert.Contains("ClusterId", new AgentBudgetConnectionOptions { Gateways = gateways, ClusterId = " " }.FindProblem(), StringComparison.Ordinal);
        Assert.Contains("ServiceId", new AgentBudgetConnectionOptions { Gateways = gateways, ServiceId = "" }.FindProblem(), StringComparison.Ordinal);
        Assert.Contains("ConnectFor", new AgentBudgetConnectionOptions { Gateways = gateways, ConnectFor = TimeSpan.FromHours(1) }.FindProblem(), StringComparison.Ordinal);
        Assert.Contains("GatewayRefreshInterval", new AgentBudgetConnectionOptions { Gateways = gateways, GatewayRefreshInterval = TimeSpan.Zero }.FindProblem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AgentBudget:Client:Gateways:0", "nowhere")]
    [InlineData("AgentBudget:Client:RetryFor", "1.00:00:00")]
    public async Task Host_WithAWrongSetting_DoesNotStartAndNamesIt(string setting, string value)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["AgentBudget:Client:Gateways:0"] = "localhost:30000";
        builder.Configuration[setting] = value;
        builder.Services.AddAgentBudgetClient();
        using var host = builder.Build();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
    }
}
