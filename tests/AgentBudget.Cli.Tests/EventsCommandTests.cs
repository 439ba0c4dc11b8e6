using System.Text;
using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class EventsCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_Ledger_AreLaidOutOneALine()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var shown = (await Tool.RunAsync("events", "--store", folder.Store)).Succeeded();
        var some = (await Tool.RunAsync("events", "--store", folder.Store, "--limit", "2")).Succeeded();
        var later = (await Tool.RunAsync("events", "--store", folder.Store, "--since", "2100-01-01")).Succeeded();

        var charge = shown.Lines.First(line => line.Contains("charge.recorded", StringComparison.Ordinal));
        Assert.Matches(
            "^20..-..-.. ..:..:..Z  spent +charge.recorded +\\$0.75  test-model.*\\(\\$0.75 of \\$1.00 spent\\)$",
            charge.TrimEnd()
        );
        Assert.Contains(shown.Lines, line => line.Contains("breaker.opened", StringComparison.Ordinal));
        Assert.Equal(3, some.Lines.Length);
        Assert.StartsWith("There are more", some.Lines[2], StringComparison.Ordinal);
        Assert.Equal("No events.", later.Out.Trim());
    }

    [Fact]
    public async Task Events_Filtered_AreThoseThatWereAskedFor()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await LedgerFixture.AddATenantsAsync(folder);

        var billed = await JsonAsync("--session", "spent", "--type", "charge.recorded", "--type", "limit.hard");
        var tenant = await JsonAsync("--tenant", "acme", "--since", "1h");

        Assert.Equal(["charge.recorded", "charge.recorded", "limit.hard"], billed.Select(line => Field(line, "type")));
        Assert.Contains(tenant, line => Field(line, "ledger") == "acme/research@ticket");
        Assert.DoesNotContain(tenant, line => Field(line, "ledger") == "spent");
        (await Tool.RunAsync("events", "--store", folder.Store, "--session", "nobody")).FailedWith(ExitCodes.Failed, "nobody");
        (await Tool.RunAsync("events", "--store", folder.Store, "--type", "limit.softly")).FailedWith(ExitCodes.WrongUsage, "limit.softly");
        (await Tool.RunAsync("events", "--store", folder.Store, "--since", "lately")).FailedWith(
            ExitCodes.WrongUsage,
            "--since \"lately\""
        );

        async Task<string[]> JsonAsync(params string[] asked) =>
            (await Tool.RunAsync(["events", "--store", folder.Store, "--json", .. asked])).Succeeded().Lines;
    }

    [Fact]
    public async Task Follow_Session_ShowsWhatWasAndWhatAnotherProcessWrites()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using var budget = await LedgerFixture.StartAsync(folder);
        // Opened, and three more.
        var following = Tool.RunAsync("events", "--store", folder.Store, "--follow", "--session", "open", "--json", "--limit", "4");
        var session = budget.Client.Get("open");
        foreach (var cost in new[] { "0.10", "0.20", "0.30" })
            await session.TrackAsync(0, "search", cost, cancellationToken: Token);

        var shown = (await following.WaitAsync(TimeSpan.FromMinutes(1), Token)).Succeeded();

        Assert.Equal(
            ["session.opened", "charge.recorded", "charge.recorded", "charge.recorded"],
            shown.Lines.Select(line => Field(line, "type"))
        );
    }

    [Fact]
    public async Task Follow_Ended_IsNoFailure()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var output = new StringWriter();
        using var error = new StringWriter();

        var following = CommandLine.RunAsync(["events", "--store", folder.Store, "--follow"], CliTerminal.For(output, error), ended.Token);
        await ended.CancelAsync();
        var exitCode = await following;

        Assert.InRange(exitCode, ExitCodes.Ok, ExitCodes.Failed);
        Assert.DoesNotContain("should not have happened", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ExportOfALedger_IsWhole_AndWhatIsDoneToItIsNamed()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await LedgerFixture.AddATenantsAsync(folder);
        var lines = (await Tool.RunAsync("events", "--store", folder.Store, "--json")).Succeeded().Lines;
        var file = Path.Combine(Path.GetDirectoryName(folder.Store["sqlite:".Length..])!, $"{Guid.NewGuid():N}.jsonl");
        try
        {
            await File.WriteAllLinesAsync(file, lines, Token);
            var whole = (await Tool.RunAsync("events", "verify", file, "--store", folder.Store)).Succeeded();
            Assert.StartsWith($"Nothing is wrong with {lines.Length} events of ", whole.Out, StringComparison.Ordinal);
            Assert.Contains("$1.25 billed", whole.Out, StringComparison.Ordinal);
            Assert.Contains("Not proven: ", whole.Out, StringComparison.Ordinal);

            var at = Array.FindIndex(lines, line => line.Contains("\"spent\",\"life\"", StringComparison.Ordinal)) + 1;
            var damaged = await PipedAsync(lines.Where((_, i) => i != at), "--json");
            Assert.Equal(ExitCodes.Failed, damaged.ExitCode);
            using var json = JsonDocument.Parse(damaged.Out);
            var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
            Assert.Equal("missing", finding.GetProperty("kind").GetString());
            Assert.StartsWith("spent#*.", finding.GetProperty("event").GetString()!, StringComparison.Ordinal);

            // The end of a ledger shows in what it has spent.
            var short0 = lines.Where(line => Field(line, "ledger") != "spent" || Field(line, "type") == "session.opened").ToArray();
            await File.WriteAllLinesAsync(file, short0, Token);
            Assert.Equal(ExitCodes.Ok, (await Tool.RunAsync("events", "verify", file)).ExitCode);
            var cut = await Tool.RunAsync("events", "verify", file, "--store", folder.Store);
            Assert.Equal(ExitCodes.Failed, cut.ExitCode);
            Assert.Contains("missing spent (at the end): the ledger has spent $1.25", cut.Out, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("acme", "today")]
    [InlineData("acme/research", "total")]
    public async Task Verify_TenantsWindow_IsComparedWithItsReport(string tenant, string window)
    {
        using var folder = new TempFolder();
        await using (var budget = await LedgerFixture.StartAsync(folder))
        {
            foreach (var (path, cost) in new[] { ("acme/research", "0.30"), ("acme/research", "0.20"), ("other", "0.07") })
            {
                await using var session = await budget.Tenant(path).OpenAsync("$1.00", cancellationToken: Token);
                await session.TrackAsync(0, "search", cost, cancellationToken: Token);
                await session.CloseAsync(cancellationToken: Token);
            }

            // Each tells the one above a moment later.
            var told = Money.Zero;
            for (var tries = 0; tries < 400 && told != Money.Parse("0.50"); tries++)
            {
                told = (await budget.Tenant("acme").ReportAsync(Token))?[WindowKind.Day].Spent ?? Money.Zero;
                await Task.Delay(50, Token);
            }

            Assert.Equal(Money.Parse("0.50"), told);
        }

        var lines = (await Tool.RunAsync("events", "--store", folder.Store, "--tenant", "acme", "--json")).Succeeded().Lines;
        string[] asked = ["--tenant", tenant, "--window", window, "--store", folder.Store];
        Assert.Equal(ExitCodes.Ok, (await PipedAsync(lines, asked)).ExitCode);
        var cut = await PipedAsync(lines.Where(line => !line.Contains("\"cost\":\"0.20", StringComparison.Ordinal)), ["--part", .. asked]);
        Assert.Equal(ExitCodes.Failed, cut.ExitCode);
        Assert.Contains($"{tenant} spent $0.50 from", cut.Out, StringComparison.Ordinal);
        Assert.Contains("the costs here make $0.30", cut.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.WrongUsage, (await PipedAsync(lines, "--tenant", tenant)).ExitCode);
        Assert.Equal(ExitCodes.WrongUsage, (await PipedAsync(lines, "--tenant", tenant, "--window", window)).ExitCode);
    }

    [Fact]
    public async Task Verify_LineWithoutAnEnd_IsToldOnceAndTakesNoMemory()
    {
        var run = await PipedAsync([new string('x', 5 * EventVerification.MaxLine)]);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("longer than", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 found in 1 events", run.Out, StringComparison.Ordinal);
    }

    private static async Task<ToolRun> PipedAsync(IEnumerable<string> lines, params string[] more)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(["events", "verify", .. more], CliTerminal.For(output, error, input), Token);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    private static string? Field(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString();
    }
}
