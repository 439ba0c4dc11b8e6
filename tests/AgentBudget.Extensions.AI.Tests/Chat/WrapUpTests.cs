using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>How an agent comes to its end: told what is left, then one last answer.</summary>
public sealed class WrapUpTests(SharedLedger ledger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task SoftLimit_IsToldToTheModel_OnceOrBeforeEachCall(bool each, int told)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(session, new AgentBudgetChatOptions { TellsFrom = 0.5m, TellsBeforeEachCall = each });
        await AskAsync(client);
        await session.TrackAsync("spent", "search", "0.60", null, Stop);

        await AskAsync(client);
        await AskAsync(client);

        Assert.Equal("Say hello.", model.LastTexts[0]);
        Assert.Contains("budget of $1.00", model.LastTexts[1], StringComparison.Ordinal);
        Assert.Equal(told, model.LastTexts.Count(text => text.Contains("is left", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task HardLimit_BringsOneLastAnswerWithoutTools_AndThenRefuses()
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        var options = new ChatOptions
        {
            MaxOutputTokens = 1_000,
            Tools = [AIFunctionFactory.Create(() => "found", "search")],
            ToolMode = ChatToolMode.RequireAny,
        };

        var last = await client.GetResponseAsync("Say hello.", options, Stop);

        Assert.Equal(new BudgetStop(BudgetStopKind.LastAnswer, "budget_exhausted"), last.GetBudgetStop());
        Assert.Null(model.Options.Single()!.Tools);
        Assert.Null(model.Options.Single()!.ToolMode);
        Assert.Contains("last answer", model.LastTexts.Single(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => client.GetResponseAsync("More.", options, Stop));
        Assert.Equal(1, model.Calls);
    }

    // What an SDK sends again is the last answer still.
    [Fact]
    public async Task LastAnswer_ThatIsSentAgainOnTheWire_IsGivenFromTheReserve()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Next(Script.Error(500, retryAfterSeconds: 0));
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        using var client = ChatWay.OpenAiChat.Bare(provider.Address, session.HttpClient()).WithBudget(session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);

        var last = await client.GetResponseAsync("Say hello.", ChatWay.Options(1_000), Stop);

        Assert.Equal(("Hello, world.", BudgetStopKind.LastAnswer), (last.Text, last.GetBudgetStop()?.Kind));
    }

    [Fact]
    public async Task HardLimit_OfAStream_BringsOneLastAnswerThatSaysSo()
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        var model = new ScriptedChatClient
        {
            Updates =
            [
                new(ChatRole.Assistant, "Hello."),
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 5 })])
                {
                    FinishReason = ChatFinishReason.Stop,
                },
            ],
        };
        using var client = model.WithBudget(session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);

        var last = await client.GetStreamingResponseAsync("Say hello.", cancellationToken: Stop).ToChatResponseAsync(Stop);

        Assert.Equal(new BudgetStop(BudgetStopKind.LastAnswer, "budget_exhausted"), last.GetBudgetStop());
        Assert.EndsWith("Reserved, Settled", await session.RowsAsync());
    }

    // Nothing is kept back: what was refused first is what the caller sees.
    [Fact]
    public async Task HardLimit_WithoutAReserve_RefusesAsItIs()
    {
        await using var session = await ledger.OpenAsync("0.0001");
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(session);
        await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => AskAsync(client));
        Assert.Equal(0, model.Calls);
    }

    // There was one for each client: ten agents on one session had ten, and the reserve was gone before the one who had to sum up.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LastAnswer_OfManyClientsOnOneSession_IsGivenOnce(bool isElsewhere)
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        var model = new ScriptedChatClient();
        using var first = model.WithBudget(session);
        using var second = model.WithBudget(isElsewhere ? ledger.Take(session.Id) : session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);

        Assert.NotNull((await AskAsync(first)).GetBudgetStop());
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(second));
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(first));

        Assert.Equal(1, model.Calls);
        Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
    }

    [Fact]
    public async Task LastAnswer_ThatIsBeingGiven_IsNotGivenTwice()
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        var (isAsked, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var model = new ScriptedChatClient
        {
            Before = () =>
            {
                isAsked.TrySetResult();
                return gate.Task;
            },
        };
        using var first = model.WithBudget(session);
        using var second = model.WithBudget(ledger.Take(session.Id));
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        var given = AskAsync(first);
        await isAsked.Task.WaitAsync(Patience, Stop);

        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(second).WaitAsync(Patience, Stop));
        gate.SetResult();

        Assert.Equal(BudgetStopKind.LastAnswer, (await given).GetBudgetStop()?.Kind);
        Assert.Equal(1, model.Calls);
    }

    // The one who has to sum up is mostly not the one who ran dry.
    [Fact]
    public async Task LastAnswer_OfASharedChild_IsItsOwn()
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        await using var child = await session.OpenSharedChildAsync("helper", Stop);
        using var helper = new ScriptedChatClient().WithBudget(child);
        using var client = new ScriptedChatClient().WithBudget(session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);

        Assert.NotNull((await AskAsync(helper)).GetBudgetStop());
        Assert.NotNull((await AskAsync(client)).GetBudgetStop());
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(helper));
    }

    [Fact]
    public async Task LastAnswer_OfABudgetThatWasRaisedAndIsExhaustedAnew_IsGivenAgain()
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        using var client = new ScriptedChatClient().WithBudget(session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        Assert.NotNull((await AskAsync(client)).GetBudgetStop());
        await session.TopUpAsync("1.00", null, Stop);
        await session.TrackAsync("spent", "search", "0.8990", null, Stop);
        Assert.NotNull((await AskAsync(client)).GetBudgetStop());
    }

    // A budget that was raised ends anew.
    [Fact]
    public async Task LastAnswer_AfterATopUp_IsGivenAgain()
    {
        await using var session = await OpenAsync("1.00", finalization: 0.1m);
        using var client = new ScriptedChatClient().WithBudget(session);
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        Assert.NotNull((await AskAsync(client)).GetBudgetStop());
        await session.TopUpAsync("1.00", null, Stop);
        Assert.Null((await AskAsync(client)).GetBudgetStop());
    }

    private Task<BudgetSession> OpenAsync(string budget, decimal finalization) =>
        ledger.OpenAsync(new BudgetSessionOptions { Budget = Money.Parse(budget), FinalizationReserve = finalization });

    private static Task<ChatResponse> AskAsync(IChatClient client) =>
        client.GetResponseAsync("Say hello.", new ChatOptions { MaxOutputTokens = 1_000 }, Stop);
}
