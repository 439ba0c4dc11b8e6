using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Steps that are run again send the same calls again. Trap 24.</summary>
public sealed class StepKeyTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Without a key the first reservation stood beside the second until it expired, and a budget for one call paid for none.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_OfAStepWhoseProcessDied_TakesItsMoneyUp(bool isStream)
    {
        await using var session = await ledger.OpenAsync("0.015");
        var (asked, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = new ScriptedChatClient
        {
            Before = () =>
            {
                asked.SetResult();
                return never.Task;
            },
        };
        using var before = first.WithBudget(ledger.Take(session.Id));
        _ = before.GetResponseAsync("Say hello.", Options("step-7"), Stop);
        await asked.Task.WaitAsync(Stop);

        using var after = new ScriptedChatClient { Updates = Updates }.WithBudget(session);
        var response = isStream
            ? await after.GetStreamingResponseAsync("Say hello.", Options("step-7"), Stop).ToChatResponseAsync(Stop)
            : await after.GetResponseAsync("Say hello.", Options("step-7"), Stop);

        Assert.Equal("Hello.", response.Text);
        Assert.Equal("Reserved, Extended, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task Call_OfAStepThatHasEnded_IsMadeAndPaidForAnew()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(session);
        await client.GetResponseAsync("Say hello.", Options("step-7"), Stop);
        await client.GetResponseAsync("Say hello.", Options("step-7"), Stop);
        Assert.Equal(("Reserved, Settled, Reserved, Settled", 2), (await session.RowsAsync(), model.Calls));
    }

    // Voters send the same at once, and each is billed.
    [Fact]
    public async Task Calls_OfOneStepThatSendTheSameAtOnce_HaveMoneyOfTheirOwn()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var bothAreAsked = new CountdownEvent(2);
        var model = new ScriptedChatClient
        {
            Before = () =>
            {
                bothAreAsked.Signal();
                return Task.Run(() => bothAreAsked.Wait(Stop), Stop);
            },
        };
        using var client = model.WithBudget(session);
        await Task.WhenAll(
            client.GetResponseAsync("Say hello.", Options("step-7"), Stop),
            client.GetResponseAsync("Say hello.", Options("step-7"), Stop)
        );
        Assert.Equal(("Reserved, Reserved, Settled, Settled", 2), (await session.RowsAsync(), model.Calls));
    }

    [Fact]
    public async Task Call_OfAStepThatIsEstimatedOtherwise_IsMade()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(session);
        await client.GetResponseAsync("Say hello.", Options("step-7"), Stop);
        var options = Options("step-7");
        options.Instructions = "Answer like a pirate, in many words, and never say less than you could.";
        await client.GetResponseAsync("Say hello.", options, Stop);
        Assert.Equal(("Reserved, Settled, Reserved, Settled", 2), (await session.RowsAsync(), model.Calls));
    }

    // A turn of an agent is one step of several calls.
    [Fact]
    public async Task Calls_OfOneStepThatSendSomethingElse_HaveMoneyOfTheirOwn()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient();
        using var client = model.WithBudget(session);
        var options = Options("step-7");
        await client.GetResponseAsync("Say hello.", options, Stop);
        await client.GetResponseAsync("Say it again.", options, Stop);
        Assert.Equal("Reserved, Settled, Reserved, Settled", await session.RowsAsync());
        // What is ours is not sent, and the caller's options are his.
        Assert.All(model.Options, sent => Assert.Empty(sent!.AdditionalProperties!));
        Assert.Single(options.AdditionalProperties!);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Key_ThatIsNone_IsRefused(string key) => Assert.Throws<ArgumentException>(() => new ChatOptions().SetBudgetKey(key));

    private static readonly ChatResponseUpdate[] Updates =
    [
        new(ChatRole.Assistant, "Hello."),
        new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 5 })])
        {
            FinishReason = ChatFinishReason.Stop,
        },
    ];

    private static ChatOptions Options(string key)
    {
        var options = new ChatOptions { MaxOutputTokens = 1_000 };
        options.SetBudgetKey(key);
        return options;
    }
}
