using System.Runtime.CompilerServices;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Gates;

/// <summary>A client inside of the budget that asks a second one while the first is still under way, and takes what comes first.</summary>
public sealed class HedgingTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The first one has the call's own money, and is billed when it ends.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FirstRequest_ThatGoesOnBehindTheAnswer_IsSettledByItself(bool isStream)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = ChatWay.OpenAiChat.Rates;
        var (asked, answered) = (new TaskCompletionSource(), new TaskCompletionSource());
        provider.Next(
            Script.OfTokens(100) with
            {
                Before = (_, gone) =>
                {
                    asked.TrySetResult();
                    return answered.Task.WaitAsync(gone);
                },
            }
        );
        await using var session = await ledger.OpenAsync("5.00");
        var inner = ChatWay.OpenAiChat.Bare(provider.Address, session.HttpClient());
        var hedging = new HedgingClient(inner, asked.Task);
        using var client = hedging.WithBudget(session);

        var response = isStream
            ? await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop)
            : await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop);

        Assert.Equal("Hello, world.", response.Text);
        Assert.Equal("Reserved, Reserved, Settled", await session.RowsAsync());
        answered.SetResult();
        await hedging.First;
        Assert.Equal("Reserved, Reserved, Settled, Settled", await session.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    private sealed class HedgingClient(IChatClient inner, Task isUnderWay) : DelegatingChatClient(inner)
    {
        public Task First { get; private set; } = Task.CompletedTask;

        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            First = base.GetResponseAsync(messages, options, CancellationToken.None);
            await isUnderWay.WaitAsync(cancellationToken);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            First = base.GetStreamingResponseAsync(messages, options, CancellationToken.None).ToChatResponseAsync(CancellationToken.None);
            await isUnderWay.WaitAsync(cancellationToken);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }
    }
}
