using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Streams whose money grows as they go on, and which end in order where there is no more.</summary>
public sealed class StreamStepTests(SharedLedger ledger)
{
    private static readonly AgentBudgetChatOptions InSteps = new() { StreamStepTokens = 256, TellsFrom = null };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_WhoseMoneyASiblingTakes_EndsInOrderBeforeItWouldExceed(bool isWired)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var way = ChatWay.OpenAiChat;
        // No faster than its reader, for no model is as fast as a loopback.
        using var ahead = new SemaphoreSlim(50);
        provider.Rates = way.Rates;
        provider.Always = Script.OfTokens(20_000) with { Before = (_, gone) => ahead.WaitAsync(gone) };
        await using var session = await ledger.OpenAsync("0.10");
        using var client = way.Bare(provider.Address, isWired ? session.HttpClient() : null).WithBudget(session, InSteps);

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync("Go on.", ChatWay.Options(30_000), Stop))
        {
            updates.Add(update);
            ahead.Release();
            if (updates.Count == 20)
                await session.TrackAsync("found", "search", "0.05", null, Stop);
        }

        var response = updates.ToChatResponse();
        Assert.Equal(new BudgetStop(BudgetStopKind.OutputCut, "budget_exhausted"), response.GetBudgetStop());
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        var (spent, billed) = (await session.SpentAsync(), await provider.BillAsync());
        Assert.True(spent >= billed + Money.Parse("0.05"), $"{spent} settled, {billed} billed");
        Assert.True(spent <= Money.Parse("0.10"), $"{spent} of $0.10");
        Assert.Equal(SeenEnd.Abandoned, provider.Calls.Single().End);
        Assert.Contains("Grown", await session.RowsAsync(), StringComparison.Ordinal);
    }

    // The money that it begins with is not all that it gets.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_OfARichSession_IsNotCut(bool isWired)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var way = ChatWay.OpenAiChat;
        (provider.Rates, provider.Always) = (way.Rates, Script.OfTokens(10_000));
        await using var session = await ledger.OpenAsync("5.00");
        using var client = way.Bare(provider.Address, isWired ? session.HttpClient() : null).WithBudget(session, InSteps);

        var response = await client.GetStreamingResponseAsync("Go on.", ChatWay.Options(30_000), Stop).ToChatResponseAsync(Stop);

        Assert.Null(response.GetBudgetStop());
        Assert.Equal((ChatFinishReason.Stop, 10_000), (response.FinishReason, response.Usage!.OutputTokenCount));
        Assert.Equal(30_000, (long)provider.Calls.Single().Json!["max_completion_tokens"]!);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    // No more than its model gives by itself: there is nothing to cap, and no provider takes a higher one.
    [Fact]
    public async Task Stream_WithoutACap_OfARichSession_HasNone()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("50.00");
        using var client = ChatWay.OpenAiChat.Bare(provider.Address).WithBudget(session, InSteps);
        await client.GetStreamingResponseAsync("Go on.", ChatWay.Options(null), Stop).ToChatResponseAsync(Stop);
        Assert.Null(provider.Calls.Single().Json!["max_completion_tokens"]);
    }

    // Thoughts are not shown, and billed.
    [Fact]
    public async Task Stream_ThatIsSilentForLong_HasMoneyForWhatItCanHaveThought()
    {
        var time = new SteppedTime();
        await using var session = await ledger.OpenAsync("5.00", time: time);
        var model = new ScriptedChatClient
        {
            Updates = [new(ChatRole.Assistant, "Hel"), new(ChatRole.Assistant, "lo.")],
            Before = () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return Task.CompletedTask;
            },
        };
        using var client = model.WithBudget(session, InSteps);
        var reserved = Money.Zero;
        await foreach (var _ in client.GetStreamingResponseAsync("Go on.", ChatWay.Options(100_000), Stop))
            reserved = (await session.ReportAsync(cancellationToken: Stop)).Standing.Reserved;
        // 3,000 tokens a second for 11 of them, at $10 a million.
        Assert.True(reserved >= Money.Parse("0.33"), $"{reserved} set aside");
    }

    // Nobody else takes any: it is given all that there is, and its cap is that.
    [Fact]
    public async Task Stream_ThatOutgrowsTheBudgetAlone_StopsAtTheLastTokenThatItAffords()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var way = ChatWay.OpenAiChat;
        (provider.Rates, provider.Always) = (way.Rates, Script.OfTokens(20_000));
        await using var session = await ledger.OpenAsync("0.05");
        using var client = way.Bare(provider.Address).WithBudget(session, InSteps);

        var response = await client.GetStreamingResponseAsync("Go on.", ChatWay.Options(30_000), Stop).ToChatResponseAsync(Stop);

        Assert.Equal(new BudgetStop(BudgetStopKind.OutputCut, "budget_exhausted"), response.GetBudgetStop());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        SessionReading.Within(await session.SpentAsync(), Money.Parse("0.0495"), Money.Parse("0.05"));
    }

    // Ten of them side by side on what two alone would have set aside.
    [Fact]
    public async Task Streams_ThatEndSoon_RunSideBySideOnWhatOneCouldHaveUsed()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var way = ChatWay.OpenAiChat;
        (provider.Rates, provider.Always) = (way.Rates, Script.OfTokens(20));
        // No time passes: what they can have thought meanwhile is none of this.
        await using var session = await ledger.OpenAsync("0.50", time: new SteppedTime());
        using var client = way.Bare(provider.Address).WithBudget(session, InSteps);

        // Each could cost 30 cents.
        var all = Enumerable.Range(0, 10).Select(_ => client.GetStreamingResponseAsync("Go on.", ChatWay.Options(30_000), Stop));
        var responses = await Task.WhenAll(all.Select(stream => stream.ToChatResponseAsync(Stop)));

        Assert.All(responses, response => Assert.Null(response.GetBudgetStop()));
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    // Too little for steps: the cap is lowered to what there is, and the provider ends it.
    [Fact]
    public async Task Stream_WithTooLittleForSteps_IsCappedAtWhatThereIs()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var way = ChatWay.OpenAiChat;
        (provider.Rates, provider.Always) = (way.Rates, Script.OfTokens(20_000));
        await using var session = await ledger.OpenAsync("0.01");
        using var client = way.Bare(provider.Address).WithBudget(session, InSteps);

        var response = await client.GetStreamingResponseAsync("Go on.", ChatWay.Options(30_000), Stop).ToChatResponseAsync(Stop);

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.InRange((long)provider.Calls.Single().Json!["max_completion_tokens"]!, 256, 1_000);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }
}
