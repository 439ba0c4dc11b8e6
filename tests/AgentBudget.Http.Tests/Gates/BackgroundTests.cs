using System.Net.Http.Json;
using AgentBudget.Http.Tests.Ledgers;
using static AgentBudget.Http.Tests.Ledgers.SessionReading;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Responses that are made in the background, and those that go on from one that the provider keeps.</summary>
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
}
