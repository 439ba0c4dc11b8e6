using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Calls that fail within the pipeline, where the program has no handle of theirs.</summary>
public sealed class FailedCallTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Nobody could end it later, so that a billed call would be free.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ThatAPolicyKeepsOpen_CountsWhole(bool isStream)
    {
        await using var session = await OpenAsync();
        using var client = new ScriptedChatClient { Before = Fail }.WithBudget(session);
        var options = new ChatOptions { MaxOutputTokens = 500 };

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            isStream
                ? client.GetStreamingResponseAsync("Say hello.", options, Stop).ToChatResponseAsync(Stop)
                : client.GetResponseAsync("Say hello.", options, Stop)
        );

        await AssertCountsWholeAsync(session);
    }

    [Fact]
    public async Task Vectors_ThatAPolicyKeepsOpen_CountWhole()
    {
        await using var session = await OpenAsync();
        using var generator = new ScriptedVectors { Before = Fail }.WithBudget(session);
        await Assert.ThrowsAsync<HttpRequestException>(() => generator.GenerateAsync(["one"], cancellationToken: Stop));
        await AssertCountsWholeAsync(session);
    }

    private static Task Fail() => throw new HttpRequestException("The connection broke.");

    private Task<BudgetSession> OpenAsync() => ledger.OpenAsync("1.00", client => client.OnFailedCall = _ => FailedCall.KeepOpen);

    private static async Task AssertCountsWholeAsync(BudgetSession session)
    {
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.True(await session.SpentAsync() > Money.Zero);
    }
}
