using AgentBudget.Client.Tests.Ledgers;
using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Last answers whose grant was lost on its way.</summary>
public sealed class LastAnswerTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // What was granted came back as a replay, was taken for somebody else's, and nobody gave the answer.
    [Theory]
    [InlineData(20)]
    [InlineData(0)]
    public async Task LastAnswer_WhoseGrantWasLostOnItsWay_IsGivenOnce(int retrySeconds)
    {
        await using var session = await ledger.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1.00"), FinalizationReserve = 0.1m }
        );
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        using var losing = NewClient(TimeSpan.FromSeconds(retrySeconds));
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(losing.Get(session.Id));
        using var other = model.WithBudget(ledger.Take(session.Id));

        // Nobody can know whether it was granted; then it is asked for again.
        if (retrySeconds == 0)
            await Assert.ThrowsAsync<BudgetUnavailableException>(() => AskAsync(client));
        var last = await AskAsync(client);

        Assert.Equal(BudgetStopKind.LastAnswer, last.GetBudgetStop()?.Kind);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(other));
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(client));
        Assert.Equal(1, model.Calls);
        Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        Assert.EndsWith("Reserved, Extended, Settled", await session.RowsAsync(), StringComparison.Ordinal);
    }

    // Another client's, lost on its way, is another client's.
    [Fact]
    public async Task LastAnswer_ThatSomebodyElseWasGranted_IsNotGivenByAClientWhoseAnswerIsLost()
    {
        await using var session = await ledger.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1.00"), FinalizationReserve = 0.1m }
        );
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        using var losing = NewClient(TimeSpan.FromSeconds(20));
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(losing.Get(session.Id));
        using var other = model.WithBudget(ledger.Take(session.Id));
        model.Before = async () =>
        {
            model.Before = null;
            await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(client));
        };

        Assert.Equal(BudgetStopKind.LastAnswer, (await AskAsync(other)).GetBudgetStop()?.Kind);

        Assert.Equal(1, model.Calls);
    }

    // Its first reservation of a last answer is recorded, and nobody hears of that.
    private AgentBudgetClient NewClient(TimeSpan retryFor)
    {
        var lost = 0;
        var script = new GrainScript().Answer(
            nameof(IBudgetSession.ReserveAsync),
            async call =>
            {
                var answer = await call.ForwardAsync();
                return call.Command is ReserveCommand { IsFinal: true } && lost++ == 0 ? throw new TimeoutException() : answer;
            }
        );
        var options = new AgentBudgetClientOptions { WaitForMoney = TimeSpan.Zero, RetryFor = retryFor };
        return new AgentBudgetClient(GrainProxy.Around(ledger.Grains, script), Options.Create(options));
    }

    private static Task<ChatResponse> AskAsync(IChatClient client) =>
        client.GetResponseAsync("Say hello.", new ChatOptions { MaxOutputTokens = 1_000 }, Stop);
}
