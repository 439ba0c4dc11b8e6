using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Gates;

/// <summary>A client inside of the budget that asks somebody else where the first one fails. Trap 21.</summary>
public sealed class FailoverTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_ToAnotherProvider_IsChargedOnceForEachThatBills(bool isStream)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = ChatWay.Anthropic.Rates;
        provider.Next(Enumerable.Repeat(Script.Error(500), ChatWay.OpenAiChat.Attempts));
        await using var session = await ledger.OpenAsync("5.00");
        var http = session.HttpClient();
        using var client = new FailoverClient(
            ChatWay.OpenAiChat.Bare(provider.Address, http),
            ChatWay.Anthropic.Bare(provider.Address, http)
        ).WithBudget(session);

        var text = isStream
            ? (await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop)).Text
            : (await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop)).Text;

        Assert.Equal("Hello, world.", text);
        Assert.Equal(5, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.EndsWith("Reserved, Settled", await session.RowsAsync());
        Assert.Equal(Money.Zero, (await session.ReportAsync(cancellationToken: Stop)).Standing.Reserved);
    }

    // Whoever never asks the first one has two reservations, and one charge.
    [Fact]
    public async Task Client_ThatAsksAnotherModelAtOnce_GivesTheCallsOwnMoneyBack()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = ChatWay.Anthropic.Rates;
        await using var session = await ledger.OpenAsync("5.00");
        var other = ChatWay.Anthropic.Bare(provider.Address, session.HttpClient());
        using var client = new FailoverClient(ChatWay.OpenAiChat.Bare(provider.Address), other) { SkipsFirst = true }.WithBudget(session);

        await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop);

        Assert.Equal("Reserved, Reserved, Settled, Released", await session.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    // One that does not pass the wire's budget is settled by what it says.
    [Fact]
    public async Task Client_ThatPassesNoBudgetOnTheWire_IsSettledByItsUsage()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("5.00");
        using var client = ChatWay.OpenAiChat.Bare(provider.Address).WithBudget(session);
        await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop);
        Assert.Equal(("Reserved, Settled", await provider.BillAsync()), (await session.RowsAsync(), await session.SpentAsync()));
    }

    // A call that a program wraps by hand is one charge, too.
    [Fact]
    public async Task WrappedCall_OverTheWire_IsChargedOnce()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("5.00");
        using var client = ChatWay.OpenAiChat.Bare(provider.Address, session.HttpClient());

        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 100, 500),
            token => client.GetResponseAsync("Say hello.", ChatWay.Options(500), token),
            answer => new TokenUsage(answer.Usage!.InputTokenCount!.Value, answer.Usage.OutputTokenCount!.Value),
            cancellationToken: Stop
        );

        Assert.Equal(("Reserved, Settled", await provider.BillAsync()), (await session.RowsAsync(), await session.SpentAsync()));
    }

    // What a tool calls is its own affair, and a call of a model's own.
    [Fact]
    public async Task ModelCall_InsideATool_HasItsOwnReservation()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("5.00");
        using var client = ChatWay.OpenAiChat.Bare(provider.Address, session.HttpClient());
        await session.RunToolAsync("ask", "0.01", token => client.GetResponseAsync("Say hello.", ChatWay.Options(500), token), null, Stop);
        Assert.Equal("Reserved, Reserved, Settled, Settled", await session.RowsAsync());
    }

    private sealed class FailoverClient(IChatClient first, IChatClient second) : DelegatingChatClient(first)
    {
        public bool SkipsFirst { get; init; }

        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                if (!SkipsFirst)
                    return await base.GetResponseAsync(messages, options, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The second one is asked.
            }

            return await second.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                await updates.MoveNextAsync();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                await updates.DisposeAsync();
                updates = second.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
                await updates.MoveNextAsync();
            }

            do yield return updates.Current;
            while (await updates.MoveNextAsync());
            await updates.DisposeAsync();
        }
    }
}
