using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>What the gates leave out: other ends, other words of a provider, other ways to a session.</summary>
public sealed class SettlementTests(SharedLedger ledger)
{
    private static readonly object Question = new { model = "gpt-5", max_tokens = 1_000 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // A sibling's exhaustion cuts nothing; an operator does.
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-chat-synchronous")]
    public async Task Pause_OfTheSession_CutsAStreamUnderWayAndSaysSo(string name)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.OfTokens(100) with
        {
            Before = (piece, gone) => piece < 2 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
        };

        await Assert.ThrowsAsync<SessionStoppedException>(async () =>
        {
            var stream = HttpWay.All[name].StreamAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop);
            await foreach (var piece in stream)
            {
                if (piece.Length > 0)
                    await session.PauseAsync(cancellationToken: Stop);
            }
        });

        Assert.Equal("Reserved, Paused, Settled", await session.RowsAsync());
        Assert.True(await session.SpentAsync() >= await provider.BillAsync());
    }

    // It was $0.00: SDKs that are cancelled between the response and its first byte dispose nothing.
    [Fact]
    public async Task Response_ThatIsForgotten_IsSettledAndItsConnectionClosed()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.OfTokens(100) with
        {
            Before = (piece, gone) => piece < 2 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
        };

        await ForgetAsync(session, provider);
        while (await session.RowsAsync() != "Reserved, Settled")
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Stop.ThrowIfCancellationRequested();
        }

        Assert.True(await session.SpentAsync() >= await provider.BillAsync());
        Assert.Equal(SeenEnd.Abandoned, provider.Calls.Single().End);
    }

    // It was read on for two seconds after its reader had gone, and the model went on as long.
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-chat-synchronous")]
    [InlineData("anthropic")]
    public async Task Stream_ThatIsLeftOff_IsBrokenOffAtOnce(string name)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("5.00");
        using var http = session.HttpClient(
            inner: new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.FromMinutes(10), MaxResponseDrainSize = int.MaxValue }
        );
        provider.Always = Script.OfTokens(100) with
        {
            Before = (piece, gone) => piece < 2 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
        };

        await foreach (var piece in HttpWay.All[name].StreamAsync(http, provider.Address, cap: 1_000, Stop))
        {
            if (piece.Length > 0)
                break;
        }

        await provider.BillAsync();
        Assert.Equal(SeenEnd.Abandoned, provider.Calls.Single().End);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task Cost_ThatTheProviderStates_IsWhatIsSettled()
    {
        await using var session = await ledger.OpenAsync("1.00");
        const string body =
            """{"id":"gen-1","model":"openai/gpt-5","choices":[{"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"cost":0.0123}}""";
        using var http = session.HttpClient(inner: new Canned(body));

        using var answer = await http.PostAsJsonAsync(
            "https://openrouter.ai/api/v1/chat/completions",
            new { model = "openai/gpt-5", max_tokens = 1_000 },
            Stop
        );

        Assert.Equal(Money.Parse("0.0123"), await session.SpentAsync());
        Assert.Equal("openrouter", (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Provider);
    }

    // $15 for a million characters, $0.04 a picture, and a model of pictures that is billed by tokens.
    [Theory]
    [InlineData("audio/speech", """{"model":"tts-1","input":"Hello, world.","voice":"alloy"}""", "0.000195", "0.0006")]
    [InlineData("images/generations", """{"model":"dall-e-3","prompt":"a cat","n":2}""", "0.08", "0.08")]
    [InlineData("images/generations", """{"model":"gpt-image-1","prompt":"a cat"}""", "0.32", "0.3215")]
    public async Task Call_ThatIsBilledByThePiece_IsSetAside(string path, string question, string least, string most)
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var http = session.HttpClient(inner: new Canned("{}"));
        using var content = new StringContent(question, System.Text.Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync($"https://api.openai.com/v1/{path}", content, Stop);

        SessionReading.Within((await session.EntriesAsync(EntryKind.Reserved)).Single().Amount, Money.Parse(least), Money.Parse(most));
    }

    [Fact]
    public async Task Answer_ThatDoesNotSayWhatItUsed_IsSettledWhole()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.Normal with { TellsUsage = false };

        using var answer = await session.HttpClient().PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), Question, Stop);

        var settled = (await session.EntriesAsync(EntryKind.Settled)).Single();
        Assert.Equal(
            (CostSource.Reserved, (await session.EntriesAsync(EntryKind.Reserved)).Single().Amount),
            (settled.Call!.Source, settled.Amount)
        );
    }

    // Nobody has its handle: it expired, and its cost was missing.
    [Fact]
    public async Task Call_ThatAPolicyWouldKeepOpen_CountsAsSpent()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00", options => options.OnFailedCall = _ => FailedCall.KeepOpen);
        provider.Always = Script.Error(504);

        using var answer = await session.HttpClient().PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), Question, Stop);

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task Provider_OfAHostThatIsNamed_IsTheOneWhosePricesHold()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        var options = new AgentBudgetHttpOptions();
        options.Providers[provider.Address.Authority] = "azure";

        using var answer = await session
            .HttpClient(options)
            .PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), Question, Stop);

        Assert.Equal("azure", (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Provider);
    }

    [Fact]
    public async Task Session_ThatIsEntered_PaysForClientsThatAreHandedNone()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(client => client.AddAgentBudget(configure: options => options.RequireSession = true));
        await using var built = services.BuildServiceProvider();
        using var http = built.GetRequiredService<IHttpClientFactory>().CreateClient();
        using (session.Enter())
        {
            using var answer = await http.PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), Question, Stop);
        }

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task WithBudget_OfOpenAisOptions_IsOneExpression()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        var options = new OpenAIClientOptions { Endpoint = new Uri(provider.Address, "v1") }.WithBudget(session);

        ChatCompletion answer = await new OpenAIClient(new ApiKeyCredential("none"), options)
            .GetChatClient("gpt-5")
            .CompleteChatAsync([new UserChatMessage("Say hello.")], cancellationToken: Stop);

        Assert.Equal("Hello, world.", answer.Content[0].Text);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task WithBudget_OfOptionsWithATransport_IsRefused()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var options = new OpenAIClientOptions { Transport = new HttpClientPipelineTransport() };
        Assert.Throws<InvalidOperationException>(() => options.WithBudget(session));
    }

    [Fact]
    public async Task FindSession_ThatThrows_StopsTheCallWithItsOwnError()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        using var http = new HttpClient(
            new AgentBudgetHandler(_ => throw new NotSupportedException("mine")) { InnerHandler = new SocketsHttpHandler() }
        );

        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() =>
            http.PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), Question, Stop)
        );

        Assert.Equal("mine", thrown.Message);
        Assert.Empty(provider.Calls);
    }

    [Theory]
    [InlineData(nameof(AgentBudgetHttpOptions.LeastOutputTokens), 0)]
    [InlineData(nameof(AgentBudgetHttpOptions.LargestOutputTokens), 0)]
    [InlineData(nameof(AgentBudgetHttpOptions.TokensPerPicture), -1)]
    [InlineData(nameof(AgentBudgetHttpOptions.AudioBytesPerSecond), 0)]
    [InlineData(nameof(AgentBudgetHttpOptions.TokensOfKeptContext), -1)]
    [InlineData(nameof(AgentBudgetHttpOptions.Searches), -1)]
    [InlineData(nameof(AgentBudgetHttpOptions.MaxRequestBytes), 1)]
    public void Option_OutOfItsRange_IsNamed(string name, long value)
    {
        var options = new AgentBudgetHttpOptions();
        typeof(AgentBudgetHttpOptions).GetProperty(name)!.SetValue(options, value);
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => new AgentBudgetHandler(_ => null, options)).Message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task ForgetAsync(BudgetSession session, LoopbackProvider provider)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(provider.Address, "v1/chat/completions"))
        {
            Content = JsonContent.Create(
                new
                {
                    model = "gpt-5",
                    max_tokens = 1_000,
                    stream = true,
                }
            ),
        };
        _ = await session.HttpClient().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
    }
}
