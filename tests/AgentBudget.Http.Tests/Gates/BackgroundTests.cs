using System.Net.Http.Json;
using AgentBudget.Client.Calls;
using AgentBudget.Http.Responses;
using AgentBudget.Http.Tests.Ledgers;
using static AgentBudget.Http.Tests.Ledgers.SessionReading;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Responses that are made in the background, and those that go on from one that the provider keeps. The money of the former is
/// kept for the whole process, and one of these tests fills what there is room for: nobody else is to take out of it meanwhile.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class BackgroundTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Response_InTheBackground_IsSettledWhenItIsAskedForAndDone()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var id = $"resp_{Guid.CreateVersion7():N}";
        var canned = new Canned(Response(id, "queued"), Response(id, "in_progress"), Response(id, "completed", 1_000, 200));
        using var http = session.HttpClient(inner: canned);

        await PostAsync(
            http,
            new
            {
                model = "gpt-5",
                background = true,
                max_output_tokens = 1_000,
                input = "Hello",
            }
        );
        await GetAsync(http, id);
        Assert.Equal("Reserved", await session.RowsAsync());

        await GetAsync(http, id);
        await GetAsync(http, id);

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        // 1,000 x 1.25 and 200 x 10 millionths.
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    [Fact]
    public async Task Response_ThatGoesOnFromOneThatWasSeen_SetsItsTokensAside()
    {
        await using var session = await ledger.OpenAsync("5.00");
        var id = $"resp_{Guid.CreateVersion7():N}";
        var canned = new Canned(Response(id, "completed", 100_000, 1_000), Response("resp_2", "completed", 101_010, 10));
        using var http = session.HttpClient(inner: canned);

        await PostAsync(
            http,
            new
            {
                model = "gpt-5",
                max_output_tokens = 1_000,
                input = "Hello",
            }
        );
        await PostAsync(
            http,
            new
            {
                model = "gpt-5",
                max_output_tokens = 1_000,
                input = "More",
                previous_response_id = id,
            }
        );

        var second = (await session.EntriesAsync(EntryKind.Reserved))[1];
        // 101,000 tokens and a few more in, 1,000 out.
        Within(second.Amount, Money.Parse("0.13625"), Money.Parse("0.1364"));
    }

    // Each answer with an id pushed the money of those in the background out, and what they cost was $0.
    [Fact]
    public async Task Response_InTheBackground_IsSettledHoweverManyOthersCameBetween()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var id = $"resp_{Guid.CreateVersion7():N}";
        using var http = session.HttpClient(inner: new Canned(Response(id, "queued"), Response(id, "completed", 1_000, 200)));
        await PostAsync(http, InTheBackground);
        for (var i = 0; i <= KeptResponses.Most; i++)
            KeptResponses.Remember($"{id}_{i}", 1);

        await GetAsync(http, id);

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_InTheBackgroundThatCannotBeKept_IsSettledWholeAndSaid(bool isFull)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var log = new LogBook();
        var id = isFull ? $"resp_{Guid.CreateVersion7():N}" : new string('r', PendingCalls.LongestId + 1);
        using var http = session.HttpClient(inner: new Canned(Response(id, "queued")), logger: log);
        await using var other = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        var filling = isFull ? Enumerable.Range(0, PendingCalls.Most).Select(i => $"{id}_{i}").ToArray() : [];
        Array.ForEach(filling, one => PendingCalls.TryKeepOpen(one, other));
        try
        {
            await PostAsync(http, InTheBackground);
        }
        finally
        {
            Array.ForEach(filling, one => PendingCalls.Take(one));
        }

        var settled = (await session.EntriesAsync(EntryKind.Settled)).Single();
        Assert.Equal(CostSource.Reserved, settled.Call!.Source);
        Assert.Equal((await session.EntriesAsync(EntryKind.Reserved))[1].Amount, settled.Amount);
        Assert.Single(log.Lines);
    }

    // What stands beside a response, or another one, says nothing of what it cost.
    [Theory]
    [InlineData("GET", "{0}/input_items")]
    [InlineData("GET", "{0}")]
    [InlineData("POST", "{0}/cancel")]
    public async Task Request_ThatDoesNotAnswerWithTheResponse_SettlesNothing(string method, string path)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var id = $"resp_{Guid.CreateVersion7():N}";
        var canned = new Canned(
            Response(id, "queued"),
            """{"object":"list","data":[{"type":"message"}],"has_more":false}""",
            Response(id, "completed", 1_000, 200)
        );
        using var http = session.HttpClient(inner: canned);
        await PostAsync(http, InTheBackground);

        await SendAsync(http, method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id));
        Assert.Equal("Reserved", await session.RowsAsync());

        await GetAsync(http, id);
        Assert.Equal(Money.Parse("0.00325"), await session.SpentAsync());
    }

    [Fact]
    public async Task Response_InTheBackgroundThatIsCancelled_IsSettledAtWhatItUsed()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var id = $"resp_{Guid.CreateVersion7():N}";
        using var http = session.HttpClient(inner: new Canned(Response(id, "queued"), Response(id, "cancelled", 1_000, 20)));
        await PostAsync(http, InTheBackground);

        await SendAsync(http, "POST", $"{id}/cancel");

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    // Nobody can ask for it afterwards.
    [Fact]
    public async Task Response_InTheBackgroundThatIsDeleted_IsSettledWhole()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var id = $"resp_{Guid.CreateVersion7():N}";
        var deleted = $$"""{"id":"{{id}}","object":"response","deleted":true}""";
        using var http = session.HttpClient(inner: new Canned(Response(id, "queued"), deleted));
        await PostAsync(http, InTheBackground);

        await SendAsync(http, "DELETE", id);

        Assert.Equal(CostSource.Reserved, (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Source);
    }

    private static object InTheBackground =>
        new
        {
            model = "gpt-5",
            background = true,
            max_output_tokens = 1_000,
            input = "Hello",
        };

    private static string Response(string id, string status, int? input = null, int output = 0)
    {
        var usage = input is null
            ? "null"
            : $$"""{"input_tokens":{{input}},"input_tokens_details":{"cached_tokens":0},"output_tokens":{{output}},"total_tokens":{{input + output}}}""";
        return $$"""{"id":"{{id}}","object":"response","model":"gpt-5","status":"{{status}}","output":[],"usage":{{usage}}}""";
    }

    private static async Task PostAsync(HttpClient http, object question)
    {
        using var answer = await http.PostAsJsonAsync("https://api.openai.com/v1/responses", question, Stop);
        await answer.Content.ReadAsStringAsync(Stop);
    }

    private static Task<string> GetAsync(HttpClient http, string id) =>
        http.GetStringAsync($"https://api.openai.com/v1/responses/{id}", Stop);

    private static async Task SendAsync(HttpClient http, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"https://api.openai.com/v1/responses/{path}");
        using var answer = await http.SendAsync(request, Stop);
        await answer.Content.ReadAsStringAsync(Stop);
    }
}
