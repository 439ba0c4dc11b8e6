using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Streams that their reader gives up. Trap 16.</summary>
public sealed class GivenUpTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // A stream that is only disposed is read on by HttpClient, here for an hour, while its model generates and its provider bills.
    [Fact]
    public async Task Connection_OfAStreamThatIsGivenUp_IsClosedAtOnce()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = Script.OfTokens(500) with
        {
            Before = (piece, gone) => piece < 3 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
        };
        await using var session = await ledger.OpenAsync("1.00");
        using var http = new HttpClient(
            new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.FromHours(1), MaxResponseDrainSize = int.MaxValue }
        );
        using var client = ChatWay.OpenAiChat.Bare(provider.Address, http).WithBudget(session);

        await foreach (var update in client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(1_000), Stop))
        {
            if (update.Text.Length > 0)
                break;
        }

        await provider.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.Equal(SeenEnd.Abandoned, provider.Calls.Single().End);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }
}
