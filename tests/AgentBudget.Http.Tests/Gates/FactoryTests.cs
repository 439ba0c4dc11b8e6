using System.ClientModel;
using System.Net.Http.Json;
using System.Threading.Channels;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Clients of the factory, and what sends again in them: a refusal arrives as it is, after one attempt and no
/// request.</summary>
public sealed class FactoryTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public enum Resilience
    {
        None,
        AddedBefore,
        AddedBehind,
    }

    [Theory]
    [InlineData(Resilience.None)]
    [InlineData(Resilience.AddedBefore)]
    [InlineData(Resilience.AddedBehind)]
    public async Task Refusal_ThroughTheStandardResilienceHandler_ArrivesAsItIsAfterOneAttempt(Resilience resilience)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("0.0001");
        var asked = 0;
        await using var services = Build(
            resilience,
            (_, _) =>
            {
                asked++;
                return session;
            }
        );

        await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => AskAsync(services, provider));

        Assert.Empty(provider.Calls);
        Assert.Equal(1, asked);
    }

    // Nearest to the wire, in whatever order they were added: each attempt has money of its own.
    [Theory]
    [InlineData(Resilience.AddedBefore)]
    [InlineData(Resilience.AddedBehind)]
    public async Task Retries_OfTheStandardResilienceHandler_SetMoneyAsideEach(Resilience resilience)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        await using var services = Build(resilience, (_, _) => session);
        provider.Next(Script.Error(500), Script.Error(503));

        Assert.Equal(200, (int)(await AskAsync(services, provider)).StatusCode);

        Assert.Equal("Reserved, Released, Reserved, Released, Reserved, Settled", await session.RowsAsync());
        Assert.Equal(3, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    [Fact]
    public async Task Defaults_OfTheFactory_PutABudgetUnderEveryClientOnce()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(client => client.AddAgentBudget((_, _) => session));
        services.AddHttpClient("models").AddAgentBudget((_, _) => session);
        services.AddHttpClient("others");
        await using var built = services.BuildServiceProvider();

        await AskAsync(built, provider);
        await AskAsync(built, provider, "others");

        Assert.Equal("Reserved, Settled, Reserved, Settled", await session.RowsAsync());
    }

    [Fact]
    public async Task Call_WithoutASession_PassesAndIsSaidOnce()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        var log = new LogBook();
        await using var services = Build(Resilience.None, findSession: null, log: log);

        await AskAsync(services, provider);
        await AskAsync(services, provider);

        Assert.Equal(2, provider.Calls.Count);
        Assert.Single(log.Lines, line => line.Contains("no session pays for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_WithoutASessionWhereOneIsRequired_IsNotMade()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var services = Build(Resilience.AddedBefore, findSession: null, options => options.RequireSession = true);

        await Assert.ThrowsAsync<NoBudgetSessionException>(() => AskAsync(services, provider));

        Assert.Empty(provider.Calls);
    }

    // What is billed and cannot be budgeted was sent as if it cost nothing.
    [Theory]
    [InlineData("https://api.openai.com/v1/videos", """{"model":"sora-2","prompt":"a cat"}""", false)]
    [InlineData("https://api.openai.com/v1/threads/thread_1/runs", """{"assistant_id":"asst_1"}""", false)]
    [InlineData("https://api.openai.com/v1/threads/thread_1/runs", """{"assistant_id":"asst_1"}""", true)]
    [InlineData("https://api.openai.com/v1/batches", """{"input_file_id":"file_1"}""", true)]
    [InlineData("https://api.openai.com/v1/fine_tuning/jobs", """{"model":"gpt-4.1","training_file":"file_1"}""", true)]
    [InlineData("https://api.anthropic.com/v1/messages/batches", """{"requests":[]}""", true)]
    public async Task Call_ThatCannotBeBudgeted_IsSaidOnceAndRefusedWhereASessionIsRequired(string address, string body, bool hasSession)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var log = new LogBook();
        using var open = new HttpMessageInvoker(Handler(new AgentBudgetHttpOptions()));
        using var closed = new HttpMessageInvoker(Handler(new AgentBudgetHttpOptions { RequireSession = true }));

        using var passed = await SendAsync(open);
        await Assert.ThrowsAsync<NoBudgetSessionException>(() => SendAsync(closed));

        Assert.Single(log.Lines);
        Assert.Equal("", await session.RowsAsync());

        AgentBudgetHandler Handler(AgentBudgetHttpOptions options) =>
            new(_ => hasSession ? session : null, options, log) { InnerHandler = new Canned("{}") };

        Task<HttpResponseMessage> SendAsync(HttpMessageInvoker invoker) =>
            invoker.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
                },
                Stop
            );
    }

    [Fact]
    public async Task Request_ThatNamesItsSession_IsPaidForByThat()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var named = await ledger.OpenAsync("1.00");
        await using var usual = await ledger.OpenAsync("1.00");
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(provider)) { Content = JsonContent.Create(Question) };
        request.SetBudgetSession(named);
        using var http = usual.HttpClient();

        using var answer = await http.SendAsync(request, Stop);

        Assert.Equal("Reserved, Settled", await named.RowsAsync());
        Assert.Equal("", await usual.RowsAsync());
        Assert.DoesNotContain(provider.Calls.Single().Headers.Keys, header => header.Contains("budget", StringComparison.Ordinal));
    }

    // Trap 12: a client that makes its own transport is not one of the factory's, whose defaults never reach it.
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "Reserved, Settled")]
    public async Task Client_OfAnSdkThatIsMadeByItself_IsBudgetedWhereItIsMade(bool isBudgeted, string rows)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(client => client.AddAgentBudget((_, _) => session));
        await using var built = services.BuildServiceProvider();
        var options = new OpenAIClientOptions { Endpoint = new Uri(provider.Address, "v1") };
        if (isBudgeted)
            options.WithBudget(session);

        var chat = new OpenAIClient(new ApiKeyCredential("none"), options).GetChatClient("gpt-5");
        await chat.CompleteChatAsync([new UserChatMessage("Say hello.")], cancellationToken: Stop);

        Assert.Equal((rows, 1), (await session.RowsAsync(), provider.Calls.Count));
    }

    // Trap 20: what a timer or the reader of a channel calls has inherited nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_OfTheReaderOfAChannel_IsPaidForWhereTheReaderHasEnteredASession(bool isEntered)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        await using var services = Build(Resilience.None, findSession: null, options => options.RequireSession = true);
        var questions = Channel.CreateBounded<BudgetSession>(1);
        var reading = Task.Run(ReadAsync, Stop);
        using (session.Enter())
            await questions.Writer.WriteAsync(session, Stop);

        if (isEntered)
            Assert.Equal(200, (int)(await reading).StatusCode);
        else
            await Assert.ThrowsAsync<NoBudgetSessionException>(() => reading);

        Assert.Equal(isEntered ? "Reserved, Settled" : "", await session.RowsAsync());

        async Task<HttpResponseMessage> ReadAsync()
        {
            var sent = await questions.Reader.ReadAsync(Stop);
            using (isEntered ? sent.Enter() : null)
                return await AskAsync(services, provider);
        }
    }

    [Fact]
    public async Task Request_ThatIsNoCallToAModel_Passes()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        await using var services = Build(Resilience.None, (_, _) => session, options => options.RequireSession = true);
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("models");

        using var got = await http.GetAsync(new Uri(provider.Address, "v1/models"), Stop);
        using var posted = await http.PostAsJsonAsync(new Uri(provider.Address, "cars"), new { model = "gpt-5" }, Stop);

        Assert.Equal(2, provider.Calls.Count);
        Assert.Equal("", await session.RowsAsync());
    }

    private static object Question =>
        new
        {
            model = "gpt-5",
            max_tokens = 1_000,
            messages = new[] { new { role = "user", content = "Hello" } },
        };

    private static Uri Address(LoopbackProvider provider) => new(provider.Address, "v1/chat/completions");

    private static Task<HttpResponseMessage> AskAsync(ServiceProvider services, LoopbackProvider provider, string client = "models") =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(client).PostAsJsonAsync(Address(provider), Question, Stop);

    private static ServiceProvider Build(
        Resilience resilience,
        Func<IServiceProvider, HttpRequestMessage, BudgetSession?>? findSession,
        Action<AgentBudgetHttpOptions>? configure = null,
        LogBook? log = null
    )
    {
        var services = new ServiceCollection();
        if (log is not null)
            services.AddSingleton<ILoggerFactory>(log);
        var client = services.AddHttpClient("models");
        if (resilience == Resilience.AddedBefore)
            client.AddStandardResilienceHandler(AtOnce);
        client.AddAgentBudget(findSession, configure);
        if (resilience == Resilience.AddedBehind)
            client.AddStandardResilienceHandler(AtOnce);
        return services.BuildServiceProvider();
    }

    private static void AtOnce(HttpStandardResilienceOptions options)
    {
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.UseJitter = false;
    }
}
