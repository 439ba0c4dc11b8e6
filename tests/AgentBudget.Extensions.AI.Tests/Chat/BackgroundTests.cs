using System.Text.Json.Nodes;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;

#pragma warning disable MEAI001 // Background responses are marked as what may change.

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>Responses that are made in the background: their money stays set aside until they are done. Trap 7.</summary>
public sealed class BackgroundTests(SharedLedger ledger)
{
    private static readonly Uri OpenAi = new("https://api.openai.com/");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_InTheBackground_IsSettledWhenItIsDone(bool isWired)
    {
        var id = $"resp_{Guid.CreateVersion7():N}";
        var canned = new Canned(Response(id, "queued"), Response(id, "in_progress"), Response(id, "completed", 1_000, 200));
        await using var session = await ledger.OpenAsync("1.00");
        using var http = isWired ? session.HttpClient(inner: canned) : new HttpClient(canned, disposeHandler: false);
        using var client = ChatWay.OpenAiResponses.Bare(OpenAi, http).WithBudget(session);
        var options = new ChatOptions { MaxOutputTokens = 1_000, AllowBackgroundResponses = true };

        var response = await client.GetResponseAsync("Think.", options, Stop);
        while (response.ContinuationToken is { } token)
        {
            Assert.Equal("Reserved", await session.RowsAsync());
            options.ContinuationToken = token;
            response = await client.GetResponseAsync([], options, Stop);
        }

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        // 1,000 x 1.25 and 200 x 10 millionths.
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    // Both are made and billed: the second one spent the money of the first.
    [Fact]
    public async Task Response_OfAStepThatIsRunAgainMeanwhile_HasMoneyOfItsOwn()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var ids = new[] { $"resp_{Guid.CreateVersion7():N}", $"resp_{Guid.CreateVersion7():N}" };
        var canned = new Canned(
            Response(ids[0], "queued"),
            Response(ids[1], "queued"),
            Response(ids[0], "completed", 1_000, 200),
            Response(ids[1], "completed", 1_000, 200)
        );
        using var http = new HttpClient(canned, disposeHandler: false);
        using var client = ChatWay.OpenAiResponses.Bare(OpenAi, http).WithBudget(session);
        var options = new ChatOptions { MaxOutputTokens = 1_000, AllowBackgroundResponses = true };
        options.SetBudgetKey("step-7");

        var first = await client.GetResponseAsync("Think.", options, Stop);
        var second = await client.GetResponseAsync("Think.", options, Stop);
        Assert.Equal("Reserved, Reserved", await session.RowsAsync());

        foreach (var token in (ResponseContinuationToken?[])[first.ContinuationToken, second.ContinuationToken])
        {
            options.ContinuationToken = token;
            await client.GetResponseAsync([], options, Stop);
        }

        Assert.Equal("Reserved, Reserved, Settled, Settled", await session.RowsAsync());
        Assert.Equal(Money.Parse("0.0065"), await session.SpentAsync());
    }

    // Whoever learns of its end settles it: there is one place where such money is kept.
    [Fact]
    public async Task Response_BegunByAChatClient_IsSettledWhereItsEndIsSeenOnTheWire()
    {
        var id = $"resp_{Guid.CreateVersion7():N}";
        await using var session = await ledger.OpenAsync("1.00");
        using var client = InBackground(id).WithBudget(session);
        await AskAsync(client, isStream: false);
        Assert.Equal("Reserved", await session.RowsAsync());

        using var http = session.HttpClient(inner: new Canned(Response(id, "completed", 1_000, 200)));
        await http.GetStringAsync(new Uri(OpenAi, $"v1/responses/{id}"), Stop);

        Assert.Equal(("Reserved, Settled", Money.Parse("0.00325")), (await session.RowsAsync(), await session.SpentAsync()));
    }

    // Nobody could come back to it by such an id.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_WithoutAnIdThatCanBeKept_CountsWhole(bool isStream)
    {
        foreach (var id in (string?[])[null, new string('x', 257)])
        {
            await using var session = await ledger.OpenAsync("1.00");
            var log = new LogBook();
            using var client = InBackground(id).WithBudget(session, logger: log);
            await AskAsync(client, isStream);
            Assert.Equal("Reserved, Settled", await session.RowsAsync());
            Assert.Equal(CostSource.Reserved, (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Source);
            Assert.Contains(log.Lines, line => line.Contains("cannot be kept", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Response_WithAnIdThatIsKeptAlready_CountsWhole()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var client = InBackground($"resp_{Guid.CreateVersion7():N}").WithBudget(session);
        await AskAsync(client, isStream: false);
        await AskAsync(client, isStream: false);
        Assert.Equal("Reserved, Reserved, Settled", await session.RowsAsync());
    }

    // Going away stops nothing of it: it goes on, and its usage comes later.
    [Fact]
    public async Task Stream_InTheBackgroundThatEndsQuietly_KeepsItsMoneyUntilItIsDone()
    {
        var id = $"resp_{Guid.CreateVersion7():N}";
        await using var session = await ledger.OpenAsync("1.00");
        var model = InBackground(id);
        using var client = model.WithBudget(session);
        await AskAsync(client, isStream: true);
        Assert.Equal("Reserved", await session.RowsAsync());

        model.Answer = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, "Done."))
        {
            ResponseId = id,
            Usage = new() { InputTokenCount = 1_000, OutputTokenCount = 200 },
        };
        await client.GetResponseAsync([], new() { ContinuationToken = Token }, Stop);

        Assert.Equal(("Reserved, Settled", Money.Parse("0.00325")), (await session.RowsAsync(), await session.SpentAsync()));
    }

    // What goes along with a token may be anything, and costs what it costs.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_WithATokenAndMessages_IsBudgeted(bool isStream)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new Fakes.ScriptedChatClient
        {
            Updates =
            [
                new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 5 })])
                {
                    FinishReason = ChatFinishReason.Stop,
                },
            ],
        };
        using var client = model.WithBudget(session);
        await AskAsync(client, isStream, Token);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task Look_ThatBringsMessagesAlong_EndsWhatIsKept()
    {
        var id = $"resp_{Guid.CreateVersion7():N}";
        await using var session = await ledger.OpenAsync("1.00");
        var model = InBackground(id);
        using var client = model.WithBudget(session);
        await AskAsync(client, isStream: false);
        await AskAsync(client, isStream: false, Token);
        Assert.Equal("Reserved, Reserved, Released", await session.RowsAsync());

        model.Answer = _ => new ChatResponse([])
        {
            ResponseId = id,
            Usage = new() { InputTokenCount = 1_000, OutputTokenCount = 200 },
        };
        await AskAsync(client, isStream: false, Token);

        Assert.EndsWith("Reserved, Released, Settled", await session.RowsAsync(), StringComparison.Ordinal);
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    private static ResponseContinuationToken Token => ResponseContinuationToken.FromBytes(new byte[] { 1 });

    private static Fakes.ScriptedChatClient InBackground(string? id) =>
        new()
        {
            Answer = _ => new ChatResponse([]) { ResponseId = id, ContinuationToken = Token },
            Updates =
            [
                new(ChatRole.Assistant, []) { ResponseId = id, ContinuationToken = Token },
                new(ChatRole.Assistant, "Hel") { ResponseId = id, ContinuationToken = Token },
            ],
        };

    private static Task<ChatResponse> AskAsync(IChatClient client, bool isStream, ResponseContinuationToken? token = null)
    {
        var options = new ChatOptions
        {
            MaxOutputTokens = 1_000,
            AllowBackgroundResponses = true,
            ContinuationToken = token,
        };
        return isStream
            ? client.GetStreamingResponseAsync("Think.", options, Stop).ToChatResponseAsync(Stop)
            : client.GetResponseAsync("Think.", options, Stop);
    }

    private static string Response(string id, string status, int? input = null, int output = 0)
    {
        var usage = new JsonObject
        {
            ["input_tokens"] = input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = input + output,
        };
        var response = new JsonObject
        {
            ["id"] = id,
            ["object"] = "response",
            ["created_at"] = 1_764_000_000,
            ["model"] = "gpt-5",
            ["status"] = status,
            ["background"] = true,
            ["output"] = new JsonArray(),
            ["tools"] = new JsonArray(),
            ["parallel_tool_calls"] = true,
            ["usage"] = input is null ? null : usage,
        };
        return response.ToJsonString();
    }
}
