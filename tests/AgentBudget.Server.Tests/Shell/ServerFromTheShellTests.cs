using System.Text.Json;
using AgentBudget.Server.Tests.Processes;

namespace AgentBudget.Server.Tests.Shell;

/// <summary>Sessions and tenants of a running server, from the shell.</summary>
public sealed class ServerFromTheShellTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly string[] By = ["--by", "alice"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_OfAServer_IsPausedToppedUpReportedAndClosed()
    {
        await using var client = await ConnectAsync();
        var session = await client.Budget.OpenAsync("$1.00", "ticket-1", cancellationToken: Cancellation);
        await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.25"), Cancellation);

        var paused = (await RunAsync("sessions", "pause", "ticket-1", "--reason", "lunch")).Succeeded();
        var refused = await session.Grain.ReserveAsync(Reserve("0.01"));
        var resumed = (await RunAsync("sessions", "resume", "ticket-1", "--json")).Succeeded();
        var toppedUp = (await RunAsync("sessions", "top-up", "ticket-1", "0.50")).Succeeded();
        var report = (await RunAsync("report", "ticket-1", "--json")).Succeeded();
        var shown = (await RunAsync("sessions", "show", "ticket-1")).Succeeded();
        var listed = (await RunAsync("sessions", "list", "--state", "open", "--json")).Succeeded();
        var closed = (await RunAsync("sessions", "close", "ticket-1", "--json")).Succeeded();

        Assert.StartsWith("Session ticket-1 is paused: $0.25 of $1.00 spent", paused.Out, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Paused, refused.Refusal?.Reason);
        Assert.Equal("closed", Field(resumed.Out, "breaker"));
        Assert.StartsWith("Session ticket-1 has $0.50 more: $0.25 of $1.50 spent", toppedUp.Out, StringComparison.Ordinal);
        using (var events = JsonDocument.Parse(report.Out))
        {
            Assert.Equal(
                ["opened", "charged", "paused", "resumed", "topped_up"],
                events.RootElement.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString())
            );
        }

        Assert.Contains("$1.50", shown.Out, StringComparison.Ordinal);
        Assert.Contains(listed.Lines, line => Field(line, "session_id") == "ticket-1");
        Assert.Equal("stopped", Field(closed.Out, "terminated_by"));
        (await RunAsync("sessions", "show", "nobody's")).FailedWith("There is no session \"nobody's\" in the server at", "--server");
    }

    [Fact]
    public async Task Webhook_OfAServer_IsAddedListedTestedPausedAndRemoved()
    {
        var added = (await RunAsync("webhooks", "add", "https://hook.invalid/a", "--tenant", "acme", "--json")).Succeeded();
        var id = Field(added.Out, "id")!;
        Assert.StartsWith("whsec_", Field(added.Out, "secret"), StringComparison.Ordinal);
        Assert.Contains((await RunAsync("webhooks", "list", "--json")).Succeeded().Lines, line => Field(line, "id") == id);
        // The name is nobody's: what is seen is that the server tried.
        var tested = await RunAsync("webhooks", "test", id, "--json");
        Assert.Equal((1, "test"), (tested.ExitCode, Field(tested.Out, "type")));
        Assert.Equal("paused", Field((await RunAsync("webhooks", "pause", id, "--json")).Succeeded().Out, "state"));
        Assert.Equal(Field(tested.Out, "event"), Field((await RunAsync("webhooks", "log", id, "--json")).Succeeded().Out, "event"));
        (await RunAsync("webhooks", "add", "https://10.0.0.1/hook")).FailedWith("no public address", "The endpoint's Url");
        (await RunAsync("webhooks", "remove", id)).Succeeded();
        (await RunAsync("webhooks", "pause", id)).FailedWith("There is no webhook endpoint", id);
    }

    [Fact]
    public async Task Costs_OfAServer_AreExportedByItAndByTheCommand()
    {
        await using var client = await ConnectAsync();
        foreach (var tenant in new[] { "paying/one", "poor" })
        {
            var session = await client.Budget.Tenant(tenant).OpenAsync("$1.00", "bill", cancellationToken: Cancellation);
            await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.010000001"), Cancellation);
        }

        // Its dead letters are kept before the others are sent.
        await UntilAsync(async () =>
            (await RunAsync("billing", "dead", "bill", "--limit", "1000", "--json"))
                .Succeeded()
                .Out.Contains("the tenant poor has no customer", StringComparison.Ordinal)
        );
        await UntilAsync(async () =>
            File.Exists(fixture.Bill) && (await ReadAsync(fixture.Bill)).Contains("\"customer\":\"cus_paying\"", StringComparison.Ordinal)
        );

        Assert.Contains(
            "They are tried again.",
            (await RunAsync("billing", "dead", "bill", "--retry")).Succeeded().Out,
            StringComparison.Ordinal
        );
        (await RunAsync("billing", "dead", "none")).FailedWith("There is no export 'none'", "bill");

        // What the server did not send, Stripe need not count.
        await using (var stripe = new StripeThatCountsNothing())
        {
            var (table, key) = (fixture.Bill + ".customers", fixture.Bill + ".key");
            await File.WriteAllTextAsync(table, """{"poor":"cus_poor"}""", Cancellation);
            await File.WriteAllTextAsync(key, "sk_test_1", Cancellation);
            string[] compare = ["billing", "compare", "--to", "stripe", "--meter", "mtr_1", "--customers", table, "--key-file", key];
            string[] asked = [.. compare, "--url", stripe.Url, "--until", "2100-01-01T00:00Z", "--dead", fixture.Bill + ".none"];
            var compared = await RunAsync([.. asked, "--name", "bill"]);
            Assert.Equal(0, compared.ExitCode);
            Assert.Contains("of 0 customers", compared.Out, StringComparison.Ordinal);
            Assert.Contains("costs have no customer", compared.Error, StringComparison.Ordinal);

            var unknown = await RunAsync([.. asked, "--name", "another"]);
            Assert.Contains("cus_poor: 10000001 nano-dollars were sent and Stripe counts 0", unknown.Out, StringComparison.Ordinal);
            Assert.Contains("The server has no export 'another'", unknown.Error, StringComparison.Ordinal);
        }

        var file = fixture.Bill + ".mine";
        (await RunAsync("billing", "export", "--to", "lines", "--file", file)).Succeeded();
        var lines = (await ReadAsync(file)).Split('\n');
        Assert.Contains(lines, line => line.Contains("\"customer\":\"poor\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tenant_OfAServer_IsSetShownReportedPausedAndToppedUp()
    {
        await using var client = await ConnectAsync();
        (await RunAsync(["tenant", "set", "acme/shop", "--limit", "1.00", "--reason", "trial", .. By])).Succeeded();
        var session = await client.Budget.Tenant("acme/shop").OpenAsync("$5.00", "t", cancellationToken: Cancellation);
        var reserved = await session.Grain.ReserveAsync(Reserve("0.25"));
        await session.Grain.SettleAsync(new SettleCommand { ReservationId = reserved.ReservationId, Cost = Money.Parse("0.25") });

        var paused = (await RunAsync(["tenant", "pause", "acme", "--reason", "runaway", .. By])).Succeeded();
        var refused = await session.Grain.ReserveAsync(Reserve("0.01"));
        (await RunAsync(["tenant", "resume", "acme", .. By])).Succeeded();
        var toppedUp = (await RunAsync(["tenant", "top-up", "acme/shop", "0.50", .. By, "--json"])).Succeeded();
        await session.CloseAsync(Cancellation);
        var report = (await RunAsync("tenant", "report", "acme/shop", "--json")).Succeeded();
        var shown = (await RunAsync("tenant", "show", "acme/shop")).Succeeded();
        var sessions = (await RunAsync("tenant", "sessions", "acme", "--limit", "1", "--json")).Succeeded();

        Assert.StartsWith("Tenant acme is paused; all that have money of it have written it (2).", paused.Out, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Paused, refused.Refusal?.Reason);
        using (var document = JsonDocument.Parse(toppedUp.Out))
            Assert.Equal("1.500000000", document.RootElement.GetProperty("windows")[0].GetProperty("limit_in_force").GetString());
        using (var document = JsonDocument.Parse(report.Out))
            Assert.Equal("0.250000000", document.RootElement.GetProperty("windows")[0].GetProperty("spent").GetString());
        Assert.Contains("paused with the tenant above", shown.Out, StringComparison.Ordinal);
        Assert.Contains("trial", shown.Out, StringComparison.Ordinal);
        Assert.Equal("acme/shop@t", Field(Assert.Single(sessions.Lines), "session_id"));
    }

    [Fact]
    public async Task Tool_AsAProcess_ActsOnTheServer()
    {
        var set = (await Tool.RunAsProcessAsync(["tenant", "set", "globex", "--daily", "5", .. By, .. fixture.Option])).Succeeded();
        var shown = (await Tool.RunAsProcessAsync(["tenant", "show", "globex", "--json", .. fixture.Option])).Succeeded();
        Assert.StartsWith("Tenant globex is set:", set.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(shown.Out);
        Assert.Equal("5.000000000", document.RootElement.GetProperty("settings").GetProperty("daily_limit").GetString());
    }

    [Fact]
    public async Task Server_OfAnotherCluster_OrNoServerAtAll_IsSaidWithTheMend()
    {
        string[] show = ["tenant", "show", "acme"];
        (await Tool.RunAsync([.. show, .. fixture.Option, "--cluster", "other"])).FailedWith(
            "no server of the cluster \"other\" answers there",
            "--cluster"
        );
        (await Tool.RunAsync([.. show, "--server", $"127.0.0.1:{fixture.Ports.Health}"])).FailedWith(
            "no server of the cluster",
            "Silo:GatewayPort"
        );
        (await Tool.RunAsync([.. show, "--server", ServerPorts.New().GatewayAddress])).FailedWith("Nothing listens at", "start the server");
        (await Tool.RunAsync([.. show, "--server", "no-such-machine.invalid:30000"])).FailedWith(
            "no-such-machine.invalid",
            "is not known here"
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Server_GoneWhileOneConnects_IsSaidInWordsAndInTime(int afterMessages)
    {
        await using var proxy = new CuttingProxy(fixture.Ports.Gateway, afterMessages);
        var address = FormattableString.Invariant($"127.0.0.1:{proxy.Port}");
        var run = await Tool.RunAsync(["tenant", "set", "acme/cut", "--daily", "5", .. By, "--server", address]);
        Assert.True(proxy.IsCut);
        run.FailedWith(address);
    }

    private static ReserveCommand Reserve(string amount) => new() { Amount = Money.Parse(amount), Call = Call.Tool("search") };

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Tool.Patience);
        while (!await isSo())
            await Task.Delay(20, limit.Token);
    }

    // The server has it open.
    private static async Task<string> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync([.. arguments, .. fixture.Option]);

    private Task<ClientHost> ConnectAsync() => ClientHost.ConnectAsync([fixture.Ports], Tool.Patience);

    private static string? Field(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString();
    }
}
