using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Which session pays.</summary>
public sealed class SessionTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_OfManySessions_HasTheOneThatIsEnteredPay()
    {
        await using var one = await ledger.OpenAsync("1.00");
        await using var other = await ledger.OpenAsync("1.00");
        using var client = new ScriptedChatClient().AsBuilder().UseAgentBudget().Build();
        using (one.Enter())
            await client.GetResponseAsync("Say hello.", cancellationToken: Stop);
        using (other.Enter())
            await client.GetResponseAsync("Say hello.", cancellationToken: Stop);
        Assert.Equal("Reserved, Settled", await one.RowsAsync());
        Assert.Equal("Reserved, Settled", await other.RowsAsync());
    }

    [Fact]
    public async Task Call_ThatNoSessionPaysFor_IsNotMade()
    {
        var model = new ScriptedChatClient();
        using var client = model.AsBuilder().UseAgentBudget().Build();
        await Assert.ThrowsAsync<NoBudgetSessionException>(() => client.GetResponseAsync("Say hello.", cancellationToken: Stop));
        Assert.Equal(0, model.Calls);
    }

    // Code of the program's that fails: no money is set aside.
    [Fact]
    public async Task Call_WhoseSessionCannotBeFound_IsNotMade()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient();
        using var lost = model.AsBuilder().UseAgentBudget(_ => throw new KeyNotFoundException("No such user.")).Build();
        using var client = model.WithBudget(session);
        var options = new ChatOptions { RawRepresentationFactory = _ => throw new InvalidDataException("No such request.") };

        await Assert.ThrowsAsync<KeyNotFoundException>(() => lost.GetResponseAsync("Say hello.", cancellationToken: Stop));
        await Assert.ThrowsAsync<InvalidDataException>(() => client.GetResponseAsync("Say hello.", options, Stop));

        Assert.Equal((0, ""), (model.Calls, await session.RowsAsync()));
    }

    // Trap 17: a sibling that exhausts the budget takes no money back that was granted.
    [Fact]
    public async Task Stream_UnderWay_IsNotCutByASiblingThatExhaustsTheBudget()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient
        {
            Updates =
            [
                new(ChatRole.Assistant, "Hello"),
                new(ChatRole.Assistant, "."),
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 5 })])
                {
                    FinishReason = ChatFinishReason.Stop,
                },
            ],
        };
        using var client = model.WithBudget(session);
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Say hello.", new() { MaxOutputTokens = 500 }, Stop))
        {
            if (text.Length == 0)
                await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.TrackAsync("", "search", "2.00", null, Stop));
            text += update.Text;
        }

        Assert.Equal("Hello.", text);
    }

    // Nobody reads it, so nothing is set aside.
    [Fact]
    public async Task Stream_ThatNobodyReads_SetsNothingAside()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var client = new ScriptedChatClient().WithBudget(session);
        _ = client.GetStreamingResponseAsync("Say hello.", cancellationToken: Stop);
        Assert.Equal("", await session.RowsAsync());
    }
}
