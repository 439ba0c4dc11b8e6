using FakeProvider;

namespace AgentBudget.Extensions.AI.Tests.Samples;

/// <summary>What samples and README show does what they say.</summary>
public sealed class SampleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ToolAgent_ThatLoops_IsEndedByTheBudget()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = Script.Normal with { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] };
        await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null, Stop);
        await using var server = await ToolAgent.SearchServer.StartAsync(budget.Client);
        await using var session = await budget.OpenAsync("$0.50", cancellationToken: Stop);

        var endpoint = new Uri(provider.Address, "v1/");
        var response = await ToolAgent.Agent.RunAsync(session, "none", endpoint, ToolAgent.SearchServer.AddressOf(server));

        Assert.Equal("loop_detected", response.GetBudgetStop()?.Reason);
        Assert.InRange(provider.Calls.Count, 3, 10);
    }

    [Fact]
    public async Task Team_OfAgents_SpendsItsSlices()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null, Stop);
        await using var session = await budget.OpenAsync("$1.00", cancellationToken: Stop);

        var answers = await AgentFramework.Team.RunAsync(session, "none", new Uri(provider.Address, "v1/"));

        Assert.Equal(["Hello, world.", "Hello, world."], answers);
        var standing = (await session.ReportAsync(cancellationToken: Stop)).Standing;
        Assert.Equal((Money.FromDollars(provider.Bill), Money.Zero), (standing.Spent, standing.Reserved));
    }
}
