using System.Net.Http.Json;
using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>What is sent in place of a call that does not fit whole, and what the provider makes of it.</summary>
public sealed class ClampTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => new(HttpWay.All.Keys);

    // An uncapped call on a small budget is made, with a cap that the budget pays for.
    [Theory, MemberData(nameof(Names))]
    public async Task Call_ThatDoesNotFit_IsSentWithACapThatDoes(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        provider.Always = Script.OfTokens(20) with { TokensPerPiece = 1_000, ReasoningTokens = 100 };
        await using var session = await ledger.OpenAsync("0.02");

        await way.AskAsync(session.HttpClient(), provider.Address, cap: null, Stop);

        var reserved = (await session.EntriesAsync(EntryKind.Reserved)).Single();
        Assert.True(reserved.Amount <= Money.Parse("0.02") && reserved.Amount < reserved.Requested);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.True(await session.SpentAsync() <= Money.Parse("0.02"));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Stream_ThatIsClamped_SettlesWhatTheProviderBills(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        provider.Always = Script.OfTokens(20_000);
        await using var session = await ledger.OpenAsync("0.02");

        var pieces = await way.StreamAsync(session.HttpClient(), provider.Address, cap: null, Stop).ToListAsync(Stop);

        Assert.InRange(pieces.Count, 256, 20_000);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.Equal(CostSource.Provider, (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Source);
    }

    [Fact]
    public async Task Call_ForSeveralAnswers_SharesTheCapAmongThem()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = Script.OfTokens(100) with { TokensPerPiece = 100 };
        await using var session = await ledger.OpenAsync("0.10");

        await PostAsync(
            session.HttpClient(),
            provider,
            new
            {
                model = "gpt-5",
                n = 4,
                max_completion_tokens = 5_000,
            }
        );

        Assert.InRange((int)provider.Calls.Single().Json!["max_completion_tokens"]!, 2_400, 2_500);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    // Whoever sends the request again sends what it was, and not what became of it.
    [Fact]
    public async Task Request_ThatWasClamped_IsAsItWasAfterwards()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("0.10");
        using var invoker = new HttpMessageInvoker(new AgentBudgetHandler(session) { InnerHandler = new SocketsHttpHandler() });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(provider.Address, "v1/chat/completions"));
        request.Content = JsonContent.Create(new { model = "gpt-5", max_tokens = 50_000 });
        var content = request.Content;

        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var answer = await invoker.SendAsync(request, Stop);
            await answer.Content.ReadAsStringAsync(Stop);
        }

        Assert.Same(content, request.Content);
        Assert.All(provider.Calls, call => Assert.True((int)call.Json!["max_tokens"]! < 50_000));
        Assert.Equal("application/json; charset=utf-8", provider.Calls[0].Headers["content-type"]);
    }

    [Fact]
    public async Task Call_ThatIsSigned_IsRefusedAndNotChanged()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("0.02");
        using var http = session.HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=none");

        await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => PostAsync(http, provider, new { model = "gpt-5", max_tokens = 50_000 }));

        Assert.Empty(provider.Calls);
    }

    // $1.28 at worst on $1.00.
    [Fact]
    public async Task Call_WithoutACapThatIsNotClamped_IsRefusedWithTheCapThatWouldFit()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        using var http = session.HttpClient(new AgentBudgetHttpOptions { Clamps = false });

        var refused = await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => PostAsync(http, provider, new { model = "gpt-5" }));

        Assert.InRange(refused.LargestOutputTokens!.Value, 99_990, 100_000);
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task Stream_OfAnUnknownHost_IsToldToSayItsUsage()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");

        await PostAsync(
            session.HttpClient(),
            provider,
            new
            {
                model = "gpt-5",
                stream = true,
                max_tokens = 100,
            }
        );

        Assert.True((bool)provider.Calls.Single().Json!["stream_options"]!["include_usage"]!);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    // What was refused is what was added: the caller's own request is sent, and the host is not asked again.
    [Fact]
    public async Task Stream_OfAHostThatRefusesToSayItsUsage_IsSentAsItWas()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = Script.Normal with { RefusesStreamOptions = true };
        await using var session = await ledger.OpenAsync("1.00");
        var question = new
        {
            model = "gpt-5",
            stream = true,
            max_tokens = 100,
        };

        Assert.Contains("Hello", await PostAsync(session.HttpClient(), provider, question));
        Assert.Contains("Hello", await PostAsync(session.HttpClient(), provider, question));

        Assert.Equal([true, false, false], provider.Calls.Select(call => call.Json!["stream_options"] is not null));
        Assert.Equal("Reserved, Settled, Reserved, Settled", await session.RowsAsync());
        Assert.True(await session.SpentAsync() >= await provider.BillAsync());
    }

    // An error that quoted the request made its host one that refuses, for the whole process.
    [Fact]
    public async Task Stream_OfAHostWhoseErrorQuotesTheRequest_IsAskedForItsUsageNextTime()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var log = new LogBook();
        var answers = new Errors(422, """{"detail":[{"loc":["body","model"],"input":{"stream_options":{"include_usage":true}}}]}""");
        using var http = session.HttpClient(inner: answers, logger: log);
        var question = new { model = "gpt-5", stream = true };

        for (var call = 0; call < 2; call++)
        {
            using var answer = await http.PostAsJsonAsync("https://quotes.example.com/v1/chat/completions", question, Stop);
            Assert.Contains("detail", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }

        Assert.Equal([true, false, true, false], answers.Bodies.Select(body => body.Contains("stream_options", StringComparison.Ordinal)));
        Assert.Empty(log.Lines);
    }

    // It was loaded whole, with a bound that destroyed what was longer.
    [Fact]
    public async Task Error_ThatIsLong_ArrivesWhole()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var body = $$"""{"error":"{{new string('e', 200_000)}}"}""";
        using var http = session.HttpClient(inner: new Errors(400, body));

        using var answer = await http.PostAsJsonAsync(
            "https://long.example.com/v1/chat/completions",
            new { model = "gpt-5", stream = true },
            Stop
        );

        Assert.Equal(body, await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal("Reserved, Released", await session.RowsAsync());
    }

    [Fact]
    public async Task Request_ThatWasSent_AsksForPackedAnswersAsBefore()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var seen = "";
        using var invoker = new HttpMessageInvoker(
            new AgentBudgetHandler(session) { InnerHandler = new Errors(400, "{}", request => seen = $"{request.Headers.AcceptEncoding}") }
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.openai.com/v1/chat/completions");
        request.Content = JsonContent.Create(new { model = "gpt-5" });
        request.Headers.AcceptEncoding.ParseAdd("gzip, br;q=0.5");

        using var answer = await invoker.SendAsync(request, Stop);

        Assert.Equal(("", "gzip, br; q=0.5"), (seen, $"{request.Headers.AcceptEncoding}"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"max_tokens":1}""")]
    [InlineData("""{"model":"gpt-5","max_tokens":""")]
    public async Task Call_ThatCannotBeRead_IsNotMade(string body)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        await Assert.ThrowsAsync<UnreadableRequestException>(() =>
            session.HttpClient().PostAsync(new Uri(provider.Address, "v1/chat/completions"), content, Stop)
        );

        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task Call_ThatIsLargerThanMayBe_IsNotMade()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        using var http = session.HttpClient(new AgentBudgetHttpOptions { MaxRequestBytes = 1_024 });

        await Assert.ThrowsAsync<UnreadableRequestException>(() =>
            PostAsync(http, provider, new { model = "gpt-5", user = new string('a', 2_000) })
        );

        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task Call_OfAModelThatNobodyPrices_IsNotMade()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");

        await Assert.ThrowsAsync<UnpricedCallException>(() => PostAsync(session.HttpClient(), provider, new { model = "nobody/knows-it" }));

        Assert.Empty(provider.Calls);
    }

    private static async Task<string> PostAsync(HttpClient http, LoopbackProvider provider, object question)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), question, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    /// <summary>Answers with an error, as a stream of unknown length.</summary>
    private sealed class Errors(int status, string body, Action<HttpRequestMessage>? sees = null) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sees?.Invoke(request);
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            var bytes = System.IO.Pipelines.PipeReader.Create(new(System.Text.Encoding.UTF8.GetBytes(body))).AsStream();
            return new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StreamContent(bytes) };
        }
    }
}
