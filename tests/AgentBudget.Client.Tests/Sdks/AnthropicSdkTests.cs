using AgentBudget.Client.Tests.Ledgers;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Sdks;

/// <summary>Calls of the official Anthropic client that fail, over real HTTP: what the provider can have billed is spent.</summary>
public sealed class AnthropicSdkTests(SharedLedger ledger)
{
    private const string Answer = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-8","content":[{"type":"text","text":"Hello."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":40}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ThatIsAnswered_IsSettledByItsUsage()
    {
        await using var provider = Loopback.Answers(200, Answer);
        await using var session = await ledger.OpenAsync("10.00");
        await CallAsync(session, provider.Port);
        // 1,000 x 5 and 40 x 25 millionths.
        Assert.Equal(Dollars("0.006"), (await session.NowAsync()).Spent);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task Call_ThatTheProviderAnswersWithAnError_CostsNothing(int status)
    {
        await using var provider = Loopback.Answers(status, """{"type":"error","error":{"type":"t","message":"no"}}""");
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<AnthropicException>(() => CallAsync(session, provider.Port));
        Assert.Equal((Dollars("10.00"), 1), ((await session.NowAsync()).Available, provider.Requests));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(499)]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(524)]
    public async Task Call_ThatSomethingInBetweenAnswers_IsSpent(int status)
    {
        await using var provider = Loopback.Answers(status, "");
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<AnthropicException>(() => CallAsync(session, provider.Port));
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Spent);
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("breaks")]
    [InlineData("talks nonsense")]
    public async Task Call_WithoutAnAnswer_IsSpent(string how)
    {
        await using var provider = how switch
        {
            "hangs" => Loopback.Hangs(),
            "breaks" => Loopback.Breaks(Answer[..40]),
            _ => Loopback.Answers(200, "<html>"),
        };
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<Exception>(() =>
            CallAsync(session, provider.Port, how == "hangs" ? TimeSpan.FromMilliseconds(200) : null)
        );
        Assert.Equal((Dollars("0.30"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));
    }

    [Fact]
    public async Task Call_ToWhereNobodyListens_CostsNothing()
    {
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(session, Loopback.FreePort()));
        Assert.Equal(Dollars("10.00"), (await session.NowAsync()).Available);
    }

    private static Task<Message> CallAsync(BudgetSession session, int port, TimeSpan? timeout = null) =>
        session.WrapAsync(
            CallEstimate.Model("claude-opus-4-8", "0.30"),
            async cancellation =>
            {
                var client = new AnthropicClient
                {
                    ApiKey = "key",
                    BaseUrl = $"http://127.0.0.1:{port}",
                    MaxRetries = 0,
                    Timeout = timeout ?? TimeSpan.FromMinutes(1),
                };
                return await client.Messages.Create(
                    new MessageCreateParams
                    {
                        Model = "claude-opus-4-8",
                        MaxTokens = 100,
                        Messages = [new UserMessageParam { Content = "Hi." }],
                    },
                    cancellation
                );
            },
            message => new TokenUsage(message.Usage.InputTokens, message.Usage.OutputTokens),
            cancellationToken: Stop
        );
}
