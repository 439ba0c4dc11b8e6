using System.Text.Json;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using AgentFramework;
using FakeProvider;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Frameworks;

/// <summary>Agents of the Agent Framework: the money stays at the chat client.</summary>
public sealed class AgentFrameworkTests(SharedLedger ledger)
{
    private static readonly Script AlwaysSearches = Script.Normal with { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolLoop_OfAnAgent_EndsItsTurn(bool isStream)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = AlwaysSearches;
        await using var session = await ledger.OpenAsync("5.00");
        var runs = 0;
        var search = AIFunctionFactory.Create((string query) => $"nothing {++runs * 0}", "search").WithBudget(session, "0.01");
        var agent = new ChatClientAgent(ChatWay.OpenAiChat.Client(session, provider.Address), tools: [search]);
        var options = new ChatClientAgentRunOptions(ChatWay.Options(500));

        var messages = isStream
            ? (await agent.RunStreamingAsync("Search.", options: options, cancellationToken: Stop).ToAgentResponseAsync(Stop)).Messages
            : (await agent.RunAsync("Search.", options: options, cancellationToken: Stop)).Messages;

        Assert.Equal(new BudgetStop(BudgetStopKind.ToolRefused, "loop_detected"), messages.GetBudgetStop());
        Assert.Equal(runs + 1, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync() + Money.FromNanoDollars(runs * 10_000_000L), await session.SpentAsync());
    }

    // A conversation that is taken up elsewhere had a new budget each time.
    [Fact]
    public async Task Budget_InTheStateOfAnAgentsSession_SurvivesItsSerializationAndAnotherProcess()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var here = Agent(ledger.NewClient(), provider);
        var session = await here.CreateSessionAsync(Stop);
        await here.RunAsync("Say hello.", session, cancellationToken: Stop);
        var kept = (await here.SerializeSessionAsync(session, cancellationToken: Stop)).GetRawText();

        // What another process has: the text, and agents and clients of its own.
        var elsewhere = Agent(ledger.NewClient(), provider);
        var again = await elsewhere.DeserializeSessionAsync(JsonElement.Parse(kept), cancellationToken: Stop);
        var updates = elsewhere.RunStreamingAsync("Say it again.", again, cancellationToken: Stop);
        Assert.Equal("Hello, world.", (await updates.ToAgentResponseAsync(Stop)).Text);

        Assert.True(again.StateBag.TryGetValue<string>(BudgetInState.Key, out var id));
        var money = ledger.NewClient().Get(id!);
        Assert.Equal("Reserved, Settled, Reserved, Settled", await money.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await money.SpentAsync());
        Assert.Equal(Money.Parse("0.05"), (await money.ReportAsync(cancellationToken: Stop)).Standing.Budget);
    }

    private static AIAgent Agent(AgentBudgetClient budgets, LoopbackProvider provider)
    {
        var client = ChatWay.OpenAiChat.Bare(provider.Address).AsBuilder().UseAgentBudget().Build();
        return new ChatClientAgent(client).WithBudgetInState(budgets, "0.05");
    }

    // Two sub-agents can never spend more than their parent has: each has a slice of its own, and what it does not spend comes back.
    [Fact]
    public async Task SubAgents_AsCarvedChildren_SpendTheirOwnSliceAndGiveTheRestBack()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        await using var research = await session.OpenChildAsync("research", "0.20", Stop);
        await using var writing = await session.OpenChildAsync("writing", "0.30", Stop);
        var agents = new[] { research, writing }.Select(child => new ChatClientAgent(ChatWay.OpenAiChat.Client(child, provider.Address)));

        await Task.WhenAll(agents.Select(agent => agent.RunAsync("Say hello.", cancellationToken: Stop)));
        await research.CloseAsync(Stop);
        await writing.CloseAsync(Stop);

        foreach (var child in (BudgetSession[])[research, writing])
            Assert.Contains("Reserved, Settled, Ended", await child.RowsAsync(), StringComparison.Ordinal);
        Assert.Equal(Money.Zero, (await session.ReportAsync(cancellationToken: Stop)).Standing.Reserved);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }
}
