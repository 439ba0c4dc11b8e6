using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class BillingCommandTests
{
    [Fact]
    public async Task Export_OfALedger_WritesEachCostOnce()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var file = Path.Combine(folder.Path, "costs.jsonl");

        var first = (await RunAsync(folder, "--file", file)).Succeeded();
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("2 costs, $1.25 in all", first.Out, StringComparison.Ordinal);
        Assert.Equal(["0.750000000", "0.500000000"], lines.Select(line => Text(line, "amount_usd")));

        Assert.Contains("0 costs", (await RunAsync(folder, "--file", file)).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(lines, await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));

        // Another name has a place of its own.
        var other = (await RunAsync(folder, "--file", file, "--name", "again", "--json")).Succeeded();
        Assert.Equal("1.250000000", Text(other.Lines[0], "usd"));
        var all = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal((4, 2), (all.Length, all.Distinct().Count()));
    }

    [Fact]
    public async Task Export_OfWhoHasNoCustomer_KeepsItWithItsReasonAndSendsItOnceThereIsOne()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var (file, table) = (Path.Combine(folder.Path, "costs.jsonl"), folder.File("customers.json", """{"acme":"cus_1"}"""));

        var kept = await RunAsync(folder, "--file", file, "--customers", table);
        Assert.Equal(ExitCodes.Failed, kept.ExitCode);
        Assert.Contains("2 costs could not be sent", kept.Error, StringComparison.Ordinal);
        var dead = await File.ReadAllLinesAsync(file + ".dead", TestContext.Current.CancellationToken);
        Assert.All(dead, line => Assert.Equal("a session without a tenant has no customer", Text(line, "problem")));
        Assert.False(File.Exists(file));

        folder.File("customers.json", """{"~":"cus_2"}""");
        (await RunAsync(folder, "--file", file, "--customers", table)).Succeeded();
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(["cus_2", "cus_2"], lines.Select(line => Text(line, "customer")));
        Assert.False(File.Exists(file + ".dead"));
    }

    [Theory]
    [InlineData("--to", "--to", "pigeon")]
    [InlineData("Path", "--to", "lines")]
    [InlineData("Name", "--to", "lines", "--file", "a", "--name", "no name")]
    [InlineData("--customers", "--to", "lines", "--file", "a", "--customers", "{bad}")]
    public async Task Export_AskedForWhatCannotBe_SaysWhy(string said, params string[] arguments)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var bad = folder.File("bad", "[]");
        var run = await Tool.RunAsync([
            "billing",
            "export",
            .. arguments.Select(argument => argument == "{bad}" ? bad : argument),
            "--store",
            folder.Store,
        ]);
        run.FailedWith(ExitCodes.WrongUsage, said);
    }

    [Theory]
    [InlineData("--to", "--to", "openmeter")]
    [InlineData("--since", "--to", "stripe", "--since", "5m", "--until", "5m")]
    public async Task Compare_AskedForWhatCannotBe_SaysWhy(string said, params string[] arguments)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var key = folder.File("key", "sk_test_1\n");
        string[] line = ["billing", "compare", "--meter", "mtr_1", "--customer", "cus_1", "--key-file", key, "--store", folder.Store];
        (await Tool.RunAsync([.. line, .. arguments])).FailedWith(ExitCodes.WrongUsage, said);
    }

    private static Task<ToolRun> RunAsync(TempFolder folder, params string[] rest) =>
        Tool.RunAsync(["billing", "export", "--to", "lines", .. rest, "--store", folder.Store]);

    private static string? Text(string line, string name) => JsonSerializer.Deserialize<JsonElement>(line).GetProperty(name).GetString();
}
