using System.Text.Json.Serialization;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Usage;

/// <summary>Usage that adapters lose, or hand on too early. Traps 1, 6 and 15.</summary>
public sealed class EarlyEndTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Trap 1: what clamping brings about ends `incomplete`, whose usage the adapter does not hand on.
    [Fact]
    public async Task Stream_OfResponsesThatEndsIncomplete_IsSettledAtWhatTheProviderBills()
    {
        var (entry, billed) = await ReadAsync(ChatWay.OpenAiResponses, Script.OfTokens(300) with { ReasoningTokens = 40 }, cap: 100);
        Assert.Equal((billed, CostSource.Provider), (entry.Amount, entry.Call!.Source));
    }

    [Fact]
    public async Task Stream_OfResponsesThatFails_IsSettledAtWhatTheProviderBills()
    {
        var (entry, billed) = await ReadAsync(ChatWay.OpenAiResponses, Script.OfTokens(30) with { Fails = true }, cap: 100);
        Assert.Equal((billed, CostSource.Provider), (entry.Amount, entry.Call!.Source));
    }

    // Trap 6: the adapter hands on a usage of one token for a stream that was cut, and no exception.
    [Fact]
    public async Task Stream_OfAnthropicThatIsCut_IsNotSettledAtItsFirstToken()
    {
        var script = Script.OfTokens(300) with { CutAfterBytes = 5_000, CutsInOrder = true };
        var (entry, billed) = await ReadAsync(ChatWay.Anthropic, script, cap: 1_000);
        Assert.True(entry.Amount >= billed, $"{entry.Amount} settled, {billed} billed");
        Assert.Equal(CostSource.Estimated, entry.Call!.Source);
    }

    // Trap 15: thoughts are never in the text.
    [Fact]
    public async Task Stream_ThatIsCutAfterThoughts_IsSettledFromAbove()
    {
        var script = Script.OfTokens(300) with { ReasoningTokens = 200, CutAfterBytes = 4_000, CutsInOrder = true };
        var (entry, billed) = await ReadAsync(ChatWay.OpenAiChat, script, cap: 2_000);
        Assert.True(entry.Amount >= billed, $"{entry.Amount} settled, {billed} billed");
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic")]
    public async Task Usage_WithCacheAndThoughts_IsThatOfTheProvider(string name)
    {
        var script = Script.Normal with { InputTokens = 2_000, CachedTokens = 1_500, ReasoningTokens = 30 };
        var way = (ChatWay)ChatWay.All[name];
        var (entry, billed) = await ReadAsync(way, script, cap: 1_000);
        Assert.Equal((billed, 1_500), (entry.Amount, entry.Call!.Usage.CacheRead));
        (entry, billed) = await AskAsync(way, script, cap: 1_000);
        Assert.Equal((billed, 1_500), (entry.Amount, entry.Call!.Usage.CacheRead));
    }

    // Adapters may hand a usage on in parts, and none of them is the whole.
    [Fact]
    public async Task Usage_InParts_IsAddedUp()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new Fakes.ScriptedChatClient
        {
            Updates =
            [
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 1_000 })]),
                new(ChatRole.Assistant, "Hello."),
                new(ChatRole.Assistant, [new UsageContent(new() { OutputTokenCount = 100 })]) { FinishReason = ChatFinishReason.Stop },
            ],
        };
        using var client = model.WithBudget(session);
        await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop);
        // 1,000 x 1.25 and 100 x 10 millionths.
        Assert.Equal(Money.Parse("0.00225"), await session.SpentAsync());
    }

    // A total is that of all parts, and what was cached is of what went in: read one by one, the input was counted twice.
    [Theory]
    [InlineData(null, 1_100, "0.00225")]
    [InlineData(800, null, "0.00135")]
    public async Task Usage_InPartsThatMakeSenseTogether_IsReadAsOne(int? cached, int? total, string spent)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var rest = new UsageDetails
        {
            OutputTokenCount = 100,
            CachedInputTokenCount = cached,
            TotalTokenCount = total,
        };
        var model = new Fakes.ScriptedChatClient
        {
            Updates =
            [
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 1_000 })]),
                new(ChatRole.Assistant, [new UsageContent(rest)]) { FinishReason = ChatFinishReason.Stop },
            ],
        };
        using var client = model.WithBudget(session);
        await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop);
        // 1,000 x 1.25, of which 800 x 0.125, and 100 x 10 millionths.
        Assert.Equal(Money.Parse(spent), await session.SpentAsync());
    }

    // Servers that speak like OpenAI's may say with each piece what was used so far: the adapter hands on every one of them, and what is by
    // contract added up came to many times the bill.
    [Fact]
    public async Task Usage_ThatIsSaidWithEachPiece_IsThatOfTheProvider()
    {
        var script = Script.OfTokens(30) with { InputTokens = 2_000, CachedTokens = 1_500, TellsUsageAsItGoes = true };
        var (entry, billed) = await ReadAsync(ChatWay.OpenAiChat, script, cap: 1_000);
        Assert.Equal((billed, CostSource.Provider), (entry.Amount, entry.Call!.Source));
    }

    // Some hand a usage on once more behind the end, when the call is settled already.
    [Fact]
    public async Task Usage_BehindTheEnd_IsCharged()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new Fakes.ScriptedChatClient
        {
            Updates =
            [
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 1_000, OutputTokenCount = 100 })])
                {
                    FinishReason = ChatFinishReason.Stop,
                },
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 0, OutputTokenCount = 100 })]),
            ],
        };
        using var client = model.WithBudget(session);
        await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop);
        Assert.Equal("Reserved, Settled, Charged", await session.RowsAsync());
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    // A response of several answers has the last one's words behind it.
    [Fact]
    public async Task RawUsage_ThatSaysLessThanTheAdapter_IsNotTaken()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new Fakes.ScriptedChatClient
        {
            Answer = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello."))
            {
                RawRepresentation = new RawAnswer(),
                ModelId = "gpt-5",
                Usage = new() { InputTokenCount = 1_000, OutputTokenCount = 200 },
            },
        };
        using var client = model.WithBudget(session);
        await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop);
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    private sealed class RawAnswer
    {
        [JsonPropertyName("object")]
        public string Kind { get; } = "chat.completion";

        [JsonPropertyName("model")]
        public string Model { get; } = "gpt-5";

        [JsonPropertyName("usage")]
        public IReadOnlyDictionary<string, int> Usage { get; } =
            new Dictionary<string, int> { ["prompt_tokens"] = 100, ["completion_tokens"] = 20 };
    }

    // Raw words behind the adapter: cache writes and their rate.
    [Fact]
    public async Task CacheWrites_OfAnthropic_AreSettledAtTheirRate()
    {
        var script = Script.Normal with { InputTokens = 2_000, CacheWriteTokens = 1_500 };
        var (entry, billed) = await AskAsync(ChatWay.Anthropic, script, cap: 1_000);
        Assert.Equal((billed, 1_500), (entry.Amount, entry.Call!.Usage.CacheWrite));
    }

    [Fact]
    public async Task ServiceTier_ThatWasServed_IsSettled()
    {
        var (entry, _) = await AskAsync(ChatWay.OpenAiChat, Script.Normal with { ServiceTier = "priority" }, cap: 1_000);
        Assert.Equal("priority", entry.Call!.ServiceTier);
    }

    // The dated snapshot that answered is not the name that was asked for.
    [Fact]
    public async Task Model_ThatAnswers_IsTheOneThatIsPriced()
    {
        var (entry, billed) = await AskAsync(ChatWay.OpenAiChat, Script.Normal with { Model = "gpt-5-2025-08-07" }, cap: 1_000);
        Assert.Equal(billed, entry.Amount);
    }

    [Fact]
    public async Task Response_WithoutAUsage_CountsWhole()
    {
        var (entry, _) = await AskAsync(ChatWay.OpenAiChat, Script.Normal with { TellsUsage = false }, cap: 1_000);
        Assert.Equal(CostSource.Reserved, entry.Call!.Source);
    }

    private async Task<(Entry Settled, Money Billed)> ReadAsync(ChatWay way, Script script, int cap) =>
        await RunAsync(
            way,
            script,
            async client =>
            {
                await foreach (var _ in client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(cap), Stop))
                    continue;
            }
        );

    private Task<(Entry Settled, Money Billed)> AskAsync(ChatWay way, Script script, int cap) =>
        RunAsync(way, script, client => client.GetResponseAsync("Say hello.", ChatWay.Options(cap), Stop));

    private async Task<(Entry Settled, Money Billed)> RunAsync(ChatWay way, Script script, Func<IChatClient, Task> run)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        provider.Always = script;
        await using var session = await ledger.OpenAsync("5.00");
        using var client = way.Client(session, provider.Address);
        try
        {
            await run(client);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Some SDKs throw where a stream ends early.
        }

        return (Assert.Single(await session.EntriesAsync(EntryKind.Settled)), await provider.BillAsync());
    }
}
