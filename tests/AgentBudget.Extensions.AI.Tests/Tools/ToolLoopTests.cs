using System.Text.Json;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Tools;

/// <summary>An agent whose model asks for the same tool again and again: the turn ends where the tool is refused. Traps 3 and 23.</summary>
public sealed class ToolLoopTests(SharedLedger ledger)
{
    private static readonly Script AlwaysSearches = Script.Normal with { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Ways =>
        new(
            from name in (string[])["openai-chat", "openai-responses", "anthropic"]
            from isStream in (bool[])[false, true]
            select (name, isStream)
        );

    [Theory, MemberData(nameof(Ways))]
    public async Task ToolLoop_EndsTheTurnAndTheModelIsNotCalledAgain(string name, bool isStream)
    {
        var way = (ChatWay)ChatWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        (provider.Always, provider.Rates) = (AlwaysSearches, way.Rates);
        await using var session = await ledger.OpenAsync("5.00");
        using var client = way.Client(session, provider.Address).AsBuilder().UseFunctionInvocation().Build();
        var runs = 0;
        var search = AIFunctionFactory.Create((string query) => $"nothing {++runs * 0}", "search");
        var options = new ChatOptions { MaxOutputTokens = 500, Tools = [.. new[] { search }.WithBudget(session, "0.01")] };

        var response = isStream
            ? await client.GetStreamingResponseAsync("What is a hard limit?", options, Stop).ToChatResponseAsync(Stop)
            : await client.GetResponseAsync("What is a hard limit?", options, Stop);

        Assert.Equal(new BudgetStop(BudgetStopKind.ToolRefused, "loop_detected"), response.GetBudgetStop());
        // The turn in which the tool was refused is the last one.
        Assert.InRange(runs, 2, 10);
        Assert.Equal(runs + 1, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync() + Money.FromNanoDollars(runs * 10_000_000L), await session.SpentAsync());
        Assert.EndsWith("Reserved, Settled, BreakerOpened", await session.RowsAsync());
        await Assert.ThrowsAsync<LoopDetectedException>(() => client.GetResponseAsync("Go on.", options, Stop));
        Assert.Equal(runs + 1, provider.Calls.Count);
    }

    [Fact]
    public async Task Tool_ThatDoesNotFit_EndsTheTurnAndIsNotRun()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = AlwaysSearches;
        await using var session = await ledger.OpenAsync("0.05");
        using var client = ChatWay.OpenAiChat.Client(session, provider.Address).AsBuilder().UseFunctionInvocation().Build();
        var runs = 0;
        var search = AIFunctionFactory.Create((string query) => ++runs, "search");
        var options = new ChatOptions { MaxOutputTokens = 500, Tools = [search.WithBudget(session, "0.06")] };

        var response = await client.GetResponseAsync("What is a hard limit?", options, Stop);

        var refusal = Assert.IsType<ToolRefusal>(response.Messages.Last().Contents.OfType<FunctionResultContent>().Single().Result);
        Assert.Equal(("search", "too_large"), (refusal.Tool, refusal.Reason));
        Assert.Equal((0, 1), (runs, provider.Calls.Count));
    }

    // Outside of a turn nobody swallows it.
    [Fact]
    public async Task Tool_ThatIsCalledByTheProgram_ThrowsWhatTheSessionSays()
    {
        await using var session = await ledger.OpenAsync("0.05");
        var tool = AIFunctionFactory.Create(() => "ran", "search").WithBudget(session, "0.06");
        await Assert.ThrowsAsync<CallTooLargeException>(async () => await tool.InvokeAsync(cancellationToken: Stop));
    }

    [Fact]
    public async Task Tools_OfTheRegistry_HaveItsPrices()
    {
        var costs = new ToolCosts([new("search", ToolCost.Fixed("0.02"))]);
        await using var session = await ledger.OpenAsync("0.05", client => client.Tools = () => costs);
        var search = AIFunctionFactory.Create(() => "found", "search");
        var unknown = AIFunctionFactory.Create(() => "found", "unknown");

        var budgeted = (AIFunction)Assert.Single(new AITool[] { search }.WithBudget(session));
        await budgeted.InvokeAsync(cancellationToken: Stop);

        Assert.Equal(Money.Parse("0.02"), await session.SpentAsync());
        Assert.Throws<UnpricedToolException>(() => new AITool[] { search, unknown }.WithBudget(session));
    }

    // What only the provider can run comes out as it is.
    [Fact]
    public async Task HostedTools_AreNotWrapped()
    {
        await using var session = await ledger.OpenAsync("0.05");
        var hosted = new HostedWebSearchTool();
        Assert.Same(hosted, Assert.Single(new AITool[] { hosted }.WithBudget(session, "0.01")));
    }

    // A tool that is refused money by a session of its own has failed, and its agent goes on.
    [Fact]
    public async Task Tool_WhoseOwnSessionRefuses_DoesNotEndTheTurn()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var poor = await ledger.OpenAsync("0.01");
        var model = new Fakes.ScriptedChatClient
        {
            Answer = call => new ChatResponse(
                new ChatMessage(
                    ChatRole.Assistant,
                    call == 1 ? [new FunctionCallContent("1", "ask", new Dictionary<string, object?>())] : [new TextContent("Done.")]
                )
            )
            {
                Usage = new() { InputTokenCount = 10, OutputTokenCount = 5 },
            },
        };
        using var client = model.WithBudget(session).AsBuilder().UseFunctionInvocation().Build();
        var ask = AIFunctionFactory.Create(() => poor.RunToolAsync("deep", "1.00", _ => Task.FromResult("ran")), "ask");

        var response = await client.GetResponseAsync("Ask.", new() { Tools = [ask.WithBudget(session, "0")] }, Stop);

        Assert.Equal(("Done.", 2), (response.Text, model.Calls));
        Assert.Null(response.GetBudgetStop());
    }

    // What a tool has done is done: that nobody can say what it cost does not make it fail.
    [Fact]
    public async Task Tool_ThatRanAndCannotBeCosted_GivesItsResult()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var runs = 0;
        var cost = ToolCost.Estimated(_ => Money.Parse("0.01"), (_, _) => throw new InvalidDataException("No such price."));
        var send = AIFunctionFactory.Create(() => $"sent {++runs}", "send");
        var tool = (AIFunction)Assert.Single(new AITool[] { send }.WithBudget(session, cost));

        var result = await tool.InvokeAsync(cancellationToken: Stop);

        Assert.Equal("sent 1", result?.ToString());
        Assert.Equal(("Reserved, Settled", Money.Parse("0.01")), (await session.RowsAsync(), await session.SpentAsync()));
    }

    // A tool of somebody else's may answer with fields of the same names.
    [Theory]
    [InlineData("""{"refused":"a","tool":"b","message":"c","available":"1.00"}""", "a")]
    [InlineData("""{"refused":"a","available":"1.00"}""", null)]
    [InlineData("""{"refused":"a","tool":"b","message":"c","available":3}""", null)]
    [InlineData("""{"refused":3,"tool":"b","message":"c","available":"1.00"}""", null)]
    [InlineData("""{"refused":"a","tool":"b","message":"c","available":"some"}""", null)]
    public void Result_AsJson_IsARefusalOnlyWhereItHasAllItsFields(string json, string? reason)
    {
        var result = JsonElement.Parse(json);
        var message = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", result)]);
        Assert.Equal(reason, new[] { message }.GetBudgetStop()?.Reason);
    }
}
