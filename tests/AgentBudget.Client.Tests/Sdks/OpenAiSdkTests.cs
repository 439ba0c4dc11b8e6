using System.ClientModel;
using System.ClientModel.Primitives;
using AgentBudget.Client.Tests.Ledgers;
using OpenAI;
using OpenAI.Chat;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Sdks;

/// <summary>Calls of the official OpenAI client that fail, over real HTTP: what the provider can have billed is spent.</summary>
public sealed class OpenAiSdkTests(SharedLedger ledger)
{
    private const string Completion = """
        {"id":"c-1","object":"chat.completion","created":1700000000,"model":"gpt-5-2025-08-07","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}
        """;

    private const string FirstEvent = """
        data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5-2025-08-07","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello."}}]}


        """;

    private const string LastEvents = """
        data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5-2025-08-07","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5-2025-08-07","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}

        data: [DONE]


        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ThatIsAnswered_IsSettledByItsUsage()
    {
        await using var provider = Loopback.Answers(200, Completion);
        await using var session = await ledger.OpenAsync("10.00");
        await CallAsync(session, ClientOf(provider.Port));
        // 1,000 x 1.25 and 100 x 10 millionths.
        Assert.Equal(Dollars("0.00225"), (await session.NowAsync()).Spent);
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(404, 1)]
    [InlineData(429, 4)]
    [InlineData(500, 4)]
    [InlineData(503, 4)]
    [InlineData(529, 1)]
    public async Task Call_ThatTheProviderAnswersWithAnError_CostsNothing(int status, int requests)
    {
        await using var provider = Loopback.Answers(status, """{"error":{"message":"no","type":"t"}}""");
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAsync<ClientResultException>(() => CallAsync(session, ClientOf(provider.Port)));
        Assert.Equal((Dollars("10.00"), requests), ((await session.NowAsync()).Available, provider.Requests));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(499)]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(522)]
    public async Task Call_ThatSomethingInBetweenAnswers_IsSpent(int status)
    {
        await using var provider = Loopback.Answers(status, "");
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAsync<ClientResultException>(() => CallAsync(session, ClientOf(provider.Port)));
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Spent);
    }

    // The provider counted four requests, and the session $0.00.
    [Fact]
    public async Task Call_WhoseRetriesAllTimeOut_IsSpentOnceForEach()
    {
        await using var provider = Loopback.Hangs();
        await using var session = await ledger.OpenAsync("10.00");
        var failed = await Assert.ThrowsAsync<AggregateException>(() =>
            CallAsync(session, ClientOf(provider.Port, TimeSpan.FromMilliseconds(200)))
        );
        Assert.Equal(4, failed.InnerExceptions.Count);
        // One that was given up before it was taken was not counted there; that, nobody can tell here.
        Assert.InRange(provider.Requests, 1, 4);
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Dollars("1.20"), CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Call_WhoseConnectionBreaksEachTime_IsSpentOnceForEach()
    {
        await using var provider = Loopback.Breaks(Completion[..40]);
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(session, ClientOf(provider.Port)));
        var spent = (await session.NowAsync()).Spent;
        Assert.Equal(provider.Requests * Dollars("0.30").NanoDollars, spent.NanoDollars);
    }

    [Fact]
    public async Task Call_ThatIsCancelled_IsSpent()
    {
        await using var provider = Loopback.Hangs();
        await using var session = await ledger.OpenAsync("10.00");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var call = CallAsync(session, ClientOf(provider.Port), cancel.Token);
        while (provider.Requests == 0)
            await Task.Yield();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task Call_WhoseAnswerCannotBeRead_IsSpent()
    {
        await using var provider = Loopback.Answers(200, "<html>");
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(session, ClientOf(provider.Port)));
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task Call_ToWhereNobodyListens_CostsNothing()
    {
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(session, ClientOf(Loopback.FreePort())));
        Assert.Equal(Dollars("10.00"), (await session.NowAsync()).Available);
    }

    [Theory]
    [InlineData("whole", CostSource.Provider)]
    [InlineData("cut", CostSource.Estimated)]
    [InlineData("broken", CostSource.Estimated)]
    public async Task Stream_HoweverItEnds_IsNeverFree(string how, CostSource source)
    {
        await using var provider = how switch
        {
            "whole" => Loopback.Answers(200, FirstEvent + LastEvents, "text/event-stream"),
            "cut" => Loopback.Answers(200, FirstEvent, "text/event-stream"),
            _ => Loopback.Breaks(FirstEvent, "text/event-stream"),
        };
        await using var session = await ledger.OpenAsync("10.00");
        var stream = StreamOf(session, ClientOf(provider.Port));
        // A stream that is cut short may end without an exception.
        await Record.ExceptionAsync(async () => await stream.ToListAsync(Stop));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal(source, settled.Call!.Source);
        // Never below the input, and what was seen of the output.
        Assert.True(settled.Amount > Dollars("0.00125"), $"{settled.Amount}");
    }

    [Fact]
    public async Task Stream_ThatTheProviderRefuses_CostsNothing()
    {
        await using var provider = Loopback.Answers(429, "{}");
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAsync<ClientResultException>(async () => await StreamOf(session, ClientOf(provider.Port)).ToListAsync(Stop));
        Assert.Equal((Dollars("10.00"), 4), ((await session.NowAsync()).Available, provider.Requests));
    }

    private static Task<ClientResult<ChatCompletion>> CallAsync(
        BudgetSession session,
        ChatClient client,
        CancellationToken? token = null
    ) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            cancellation => client.CompleteChatAsync([new UserChatMessage("Hi.")], options: null, cancellation),
            result => new TokenUsage(result.Value.Usage.InputTokenCount, result.Value.Usage.OutputTokenCount),
            cancellationToken: token ?? Stop
        );

    private static IAsyncEnumerable<StreamingChatCompletionUpdate> StreamOf(BudgetSession session, ChatClient client) =>
        session.WrapStreamAsync(
            CallEstimate.Model("gpt-5", 2_000, 1_000),
            (_, cancellation) => client.CompleteChatStreamingAsync([new UserChatMessage("Hi.")], options: null, cancellation),
            (stream, update) =>
            {
                foreach (var part in update.ContentUpdate)
                    stream.SawText(part.Text);
                if (update.Usage is { } usage)
                    stream.Report(new TokenUsage(usage.InputTokenCount, usage.OutputTokenCount), isFinal: true);
            },
            cancellationToken: Stop
        );

    private static ChatClient ClientOf(int port, TimeSpan? timeout = null) =>
        new(
            "gpt-5",
            new ApiKeyCredential("key"),
            new OpenAIClientOptions
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}/v1"),
                NetworkTimeout = timeout ?? TimeSpan.FromMinutes(1),
                RetryPolicy = new AtOnce(),
            }
        );

    // The SDK's own policy, three retries, without its pauses.
    private sealed class AtOnce : ClientRetryPolicy
    {
        protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount) => TimeSpan.Zero;
    }
}
