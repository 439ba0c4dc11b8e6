using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using Anthropic.Models.Messages;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Caps that are lowered to what a session affords.</summary>
public sealed class ClampTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Trap 18: an uncapped call of gpt-5 can cost $1.28; it is clamped and not refused.
    [Theory]
    [InlineData("max_completion_tokens")]
    [InlineData("max_output_tokens")]
    public async Task Call_WithoutACap_IsCappedAtItsShareOfWhatIsLeft(string name)
    {
        var way = name == "max_output_tokens" ? ChatWay.OpenAiResponses : ChatWay.OpenAiChat;
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("0.01");
        using var client = way.Client(session, provider.Address);

        await client.GetResponseAsync("Say hello.", cancellationToken: Stop);

        Assert.InRange((long)provider.Calls.Single().Json![name]!, 256, 1_000);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    // The caller's own options are not touched.
    [Fact]
    public async Task Options_OfTheCaller_StayAsTheyAre()
    {
        await using var session = await ledger.OpenAsync("0.01");
        var model = new Fakes.ScriptedChatClient();
        using var client = model.WithBudget(session);
        var options = new ChatOptions { MaxOutputTokens = 50_000 };

        await client.GetResponseAsync("Say hello.", options, Stop);

        Assert.Equal(50_000, options.MaxOutputTokens);
        Assert.InRange(model.Options.Single()!.MaxOutputTokens!.Value, 900, 1_000);
    }

    // Trap 2: what a factory makes goes before what the options say.
    [Fact]
    public async Task CapOfARawRequest_OfOpenAi_IsLoweredToo()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("0.01");
        using var client = ChatWay.OpenAiChat.Client(session, provider.Address);
        var options = new ChatOptions
        {
            MaxOutputTokens = 10,
            RawRepresentationFactory = _ => new OpenAI.Chat.ChatCompletionOptions { MaxOutputTokenCount = 99_999 },
        };

        await client.GetResponseAsync("Say hello.", options, Stop);

        Assert.InRange((long)provider.Calls.Single().Json!["max_completion_tokens"]!, 900, 1_000);
    }

    [Fact]
    public async Task CapOfARawRequest_OfAnthropic_IsLoweredToo()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("0.02");
        using var client = ChatWay.Anthropic.Client(session, provider.Address);
        var options = new ChatOptions
        {
            RawRepresentationFactory = _ => new MessageCreateParams
            {
                Model = "claude-sonnet-5",
                MaxTokens = 60_000,
                Messages = [],
            },
        };

        await client.GetResponseAsync("Say hello.", options, Stop);

        Assert.InRange((long)provider.Calls.Single().Json!["max_tokens"]!, 600, 2_000);
    }

    [Fact]
    public async Task Call_WhereClampingIsOff_IsRefusedWithTheCapThatWouldFit()
    {
        await using var session = await ledger.OpenAsync("0.01");
        var model = new Fakes.ScriptedChatClient();
        using var client = model.WithBudget(session, new AgentBudgetChatOptions { Clamps = false });

        var refused = await Assert.ThrowsAnyAsync<MoneyRefusedException>(() =>
            client.GetResponseAsync("Say hello.", cancellationToken: Stop)
        );

        Assert.InRange(refused.LargestOutputTokens!.Value, 900, 1_000);
        Assert.Equal(0, model.Calls);
    }
}
