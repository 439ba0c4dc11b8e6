using AgentBudget.Billing.Http;
using AgentBudget.Billing.Sinks.Stripe;
using Microsoft.AspNetCore.Http;

namespace AgentBudget.Billing.Tests.Sinks.Stripe;

public sealed class StripeComparisonTests : IAsyncDisposable
{
    private static readonly Shape Summaries = Shape.Read("Stripe/meter-event-summaries.txt");
    private static readonly Shape Reports = Shape.Read("Stripe/meter-error-reports.txt");

    private static readonly DateTimeOffset From = Costs.Now.AddHours(-1);

    private readonly Task<Receiver> starting = Receiver.StartAsync();

    [Fact]
    public async Task Totals_ThatAreTheSame_AreNoFinding()
    {
        var receiver = await starting;
        receiver.OnRequest = (sent, context) => AnswerAsync(sent, context, "10000000.0");

        Assert.Empty(await CompareAsync("0.01"));

        Summaries.AssertIsAsked(receiver.All[0]);
        Reports.AssertIsAsked(receiver.All[1]);
    }

    [Fact]
    public async Task Totals_ThatDiffer_AreFoundByCustomerAndAmount()
    {
        (await starting).OnRequest = (sent, context) => AnswerAsync(sent, context, "9999999");
        var finding = Assert.Single(await CompareAsync("0.01"));
        Assert.Equal(("cus_1", "10000000 nano-dollars were sent and Stripe counts 9999999: -1 apart"), (finding.What, finding.Problem));
    }

    [Fact]
    public async Task Customer_OfWhomStripeCountsNothing_IsFound()
    {
        (await starting).OnRequest = (sent, context) => AnswerAsync(sent, context, null);
        Assert.Contains("counts 0: -10000000 apart", Assert.Single(await CompareAsync("0.01")).Problem);
    }

    [Fact]
    public async Task Events_ThatStripeTookAndThenFoundWrong_AreFoundByTheirIds()
    {
        (await starting).OnRequest = (sent, context) => AnswerAsync(sent, context, "10000000", Reports.Body);

        var findings = await CompareAsync("0.01");

        Assert.Equal("s1#8df2.1.1", findings[0].What);
        Assert.Contains("meter_event_customer_not_found: No customer found.", findings[0].Problem);
        Assert.Contains("2 more events", findings[1].Problem);
    }

    [Theory]
    [InlineData(200, "[]")]
    [InlineData(200, """{"data":7}""")]
    [InlineData(200, """{"data":[],"has_more":true}""")]
    [InlineData(401, """{"error":{"message":"no"}}""")]
    public async Task Stripe_ThatAnswersSomethingElse_IsNoAgreement(int status, string body)
    {
        (await starting).OnRequest = (_, context) => Receiver.AnswerAsync(context, status, body);
        await Assert.ThrowsAsync<AgentBudgetException>(() => CompareAsync("0.01"));
    }

    // A hundred reports with their samples are longer than other answers.
    [Fact]
    public async Task Reports_ThatAreLong_AreReadWhole()
    {
        var long64 = Reports.Body.Replace("No customer found.", new string('x', 80_000), StringComparison.Ordinal);
        (await starting).OnRequest = (sent, context) => AnswerAsync(sent, context, "10000000", long64);
        Assert.Equal("s1#8df2.1.1", (await CompareAsync("0.01"))[0].What);
    }

    [Fact]
    public async Task Answer_ThatIsLongerThanIsRead_IsSaidToBe()
    {
        var endless = Reports.Body.Replace("No customer found.", new string('x', 5_000_000), StringComparison.Ordinal);
        (await starting).OnRequest = (sent, context) => AnswerAsync(sent, context, "10000000", endless);
        var refused = await Assert.ThrowsAsync<AgentBudgetException>(() => CompareAsync("0.01"));
        Assert.Contains("longer than is read", refused.Message);
    }

    [Fact]
    public async Task Reports_ThatComeToNoEnd_AreSaidNotToBeReadWhole()
    {
        const string page = """{"data":[],"next_page_url":"/v2/core/events?page=2","previous_page_url":null}""";
        (await starting).OnRequest = (sent, context) => AnswerAsync(sent, context, "10000000", page);
        Assert.Contains("more error reports than the 10,000", Assert.Single(await CompareAsync("0.01")).Problem);
    }

    public async ValueTask DisposeAsync()
    {
        await (await starting).DisposeAsync();
    }

    private static Task AnswerAsync(SentRequest sent, HttpContext context, string? counted, string? report = null) =>
        Receiver.AnswerAsync(
            context,
            200,
            sent.Line.StartsWith("GET /v2", StringComparison.Ordinal)
                    ? report ?? """{"data":[],"next_page_url":null,"previous_page_url":null}"""
                : counted is null ? """{"object":"list","data":[]}"""
                : Summaries.Body.Replace("10000000.0", counted, StringComparison.Ordinal)
        );

    private async Task<IReadOnlyList<StripeFinding>> CompareAsync(string sent)
    {
        var receiver = await starting;
        var sender = new BillingSender(() => new HttpClient(), new Uri(receiver.Url), "sk_test_1", TimeProvider.System);
        return await new StripeComparison(sender, "mtr_1").CompareAsync(
            new Dictionary<string, Money> { ["cus_1"] = Money.Parse(sent) },
            From,
            Costs.Now,
            TestContext.Current.CancellationToken
        );
    }
}
