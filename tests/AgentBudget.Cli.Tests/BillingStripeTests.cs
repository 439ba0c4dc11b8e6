using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace AgentBudget.Cli.Tests;

/// <summary>Costs to a Stripe on loopback, and what it counts of them.</summary>
public sealed class BillingStripeTests : IDisposable
{
    private const string Key = "sk_test_of_nobody";

    private readonly TempFolder folder = new();
    private readonly HttpListener stripe = new();
    private readonly ConcurrentQueue<string> events = new();
    private readonly string url;
    private string counted = "0";
    private int status = 200;

    public BillingStripeTests()
    {
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        stripe.Prefixes.Add(url);
        stripe.Start();
        _ = AnswerAsync();
    }

    [Fact]
    public async Task Costs_OfALedger_AreSentAndComparedWithWhatIsCounted()
    {
        await LedgerFixture.MakeAsync(folder);

        var sent = (await RunAsync("export")).Succeeded();
        Assert.Contains("2 costs, $1.25 in all, to Stripe", sent.Out, StringComparison.Ordinal);
        Assert.Equal(["500000000", "750000000"], events.Select(body => body.Split("value%5D=")[1]).Order());
        Assert.Contains("0 costs", (await RunAsync("export")).Succeeded().Out, StringComparison.Ordinal);

        counted = "1250000000";
        var until = DateTimeOffset.UnixEpoch.AddYears(200).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
        string[] asked = ["--meter", "mtr_1", "--since", "24h", "--until", until];
        Assert.Contains("of 1 customers", (await RunAsync("compare", asked)).Succeeded().Out, StringComparison.Ordinal);

        counted = "1249999999";
        var differs = await RunAsync("compare", asked);
        Assert.Equal(ExitCodes.Failed, differs.ExitCode);
        Assert.Contains(
            "cus_1: 1250000000 nano-dollars were sent and Stripe counts 1249999999: -1 apart",
            differs.Out,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Key, sent.Out + differs.Out + differs.Error, StringComparison.Ordinal);
    }

    // Nobody waits for its end: what is wrong is said as it goes on.
    [Fact]
    public async Task Follow_WithAReceiverThatLetsNothingIn_SaysSo()
    {
        await LedgerFixture.MakeAsync(folder);
        status = 401;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ended.CancelAfter(TimeSpan.FromMinutes(1));
        using var error = new EndingWriter(ended, "lets nothing in: it answered 401");

        await CommandLine.RunAsync(
            Arguments("export", "--follow"),
            CliTerminal.For(TextWriter.Null, TextWriter.Synchronized(error)),
            ended.Token
        );

        Assert.Contains("lets nothing in: it answered 401", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        stripe.Close();
        folder.Dispose();
    }

    private Task<ToolRun> RunAsync(string command, params string[] rest) => Tool.RunAsync(Arguments(command, rest));

    private string[] Arguments(string command, params string[] rest) =>
        [
            "billing",
            command,
            "--to",
            "stripe",
            "--url",
            url,
            "--key-file",
            folder.File("key", Key + "\n"),
            "--customer",
            "cus_1",
            "--dead",
            Path.Combine(folder.Path, "dead"),
            .. rest,
            "--store",
            folder.Store,
        ];

    private async Task AnswerAsync()
    {
        while (stripe.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await stripe.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            if (context.Request.HttpMethod == "POST")
            {
                events.Enqueue(body);
                context.Response.StatusCode = status;
                Answer(context, Taken(body));
                continue;
            }

            var isSummary = context.Request.Url!.AbsolutePath.EndsWith("event_summaries", StringComparison.Ordinal);
            var data = isSummary ? $$"""{"aggregated_value":{{counted}}}""" : "";
            Answer(context, $$"""{"data":[{{data}}],"next_page_url":null}""");
        }
    }

    private static string Taken(string body)
    {
        var fields = body.Split('&').Select(one => one.Split('=')).ToDictionary(one => one[0], one => WebUtility.UrlDecode(one[1]));
        return $$"""{"object":"billing.meter_event","identifier":"{{fields["identifier"]}}"}""";
    }

    private static void Answer(HttpListenerContext context, string body)
    {
        context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    /// <summary>Ends a command when it has said something.</summary>
    private sealed class EndingWriter(CancellationTokenSource ended, string words) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value) => Look(() => base.Write(value));

        public override void Write(char[] buffer, int index, int count) => Look(() => base.Write(buffer, index, count));

        public override void Write(string? value) => Look(() => base.Write(value));

        private void Look(Action write)
        {
            write();
            if (ToString().Contains(words, StringComparison.Ordinal))
                _ = ended.CancelAsync();
        }
    }
}
