using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class TenantCommandTests
{
    private static readonly string[] By = ["--by", "alice"];

    [Fact]
    public async Task Set_SomeSettings_ShowsWhatChangedAndLeavesTheOthers()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var first = (await RunAsync(folder, ["set", "acme", "--monthly", "500", "--time-zone", "Europe/Zurich", .. By])).Succeeded();
        var second = (await RunAsync(folder, ["set", "acme", "--monthly", "750", "--reason", "more seats", .. By])).Succeeded();
        var again = (await RunAsync(folder, ["set", "acme", "--monthly", "750", .. By])).Succeeded();
        var json = (await RunAsync(folder, ["set", "acme", "--monthly", "none", .. By, "--json"])).Succeeded();

        Assert.Contains(
            first.Lines,
            line => line.StartsWith("Time zone", StringComparison.Ordinal) && line.Contains("Europe/Zurich", StringComparison.Ordinal)
        );
        var changed = Assert.Single(second.Lines, line => line.StartsWith("Monthly limit", StringComparison.Ordinal));
        Assert.Contains("$500.00", changed, StringComparison.Ordinal);
        Assert.Contains("$750.00", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("Time zone", second.Out, StringComparison.Ordinal);
        Assert.StartsWith("Tenant acme was set so already.", again.Out, StringComparison.Ordinal);
        using var set = JsonDocument.Parse(json.Out);
        var change = Assert.Single(set.RootElement.GetProperty("changes").EnumerateArray());
        Assert.Equal(("monthly_limit", "$750.00", "none"), (Text(change, "setting"), Text(change, "before"), Text(change, "now")));
        Assert.Equal("Europe/Zurich", Text(set.RootElement.GetProperty("settings"), "time_zone"));
    }

    [Fact]
    public async Task Show_Tenant_TellsSettingsLimitsWindowsAndWhoDidWhat()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await LedgerFixture.AddATenantsAsync(folder);
        (await RunAsync(folder, ["set", "acme/research", "--daily", "10", "--reason", "trial", .. By])).Succeeded();
        (await RunAsync(folder, "top-up", "acme/research", "2.50", "--window", "day", "--by", "bob")).Succeeded();
        (await RunAsync(folder, ["pause", "acme/research", "--reason", "runaway", .. By])).Succeeded();

        var shown = (await RunAsync(folder, "show", "acme/research")).Succeeded();
        var json = (await RunAsync(folder, "show", "acme/research", "--history", "2", "--json")).Succeeded();

        Assert.Contains("$12.50", shown.Out, StringComparison.Ordinal);
        Assert.Contains("topped up by $2.50", shown.Out, StringComparison.Ordinal);
        Assert.Contains("trial", shown.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Out);
        Assert.True(document.RootElement.GetProperty("is_paused").GetBoolean());
        Assert.Equal(
            [("paused", "alice", "runaway"), ("topped up by $2.50", "bob", null)],
            document
                .RootElement.GetProperty("history")
                .EnumerateArray()
                .Select(entry => (Text(entry, "what"), Text(entry, "by"), Text(entry, "reason")))
        );
        var day = document.RootElement.GetProperty("windows").EnumerateArray().Single(window => Text(window, "window") == "day");
        Assert.Equal(("12.500000000", "12.500000000"), (Text(day, "limit_wanted"), Text(day, "limit_in_force")));
    }

    [Fact]
    public async Task Pause_Tenant_HoldsItsSessionsUntilItIsResumed()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using (var budget = await LedgerFixture.StartAsync(folder))
            await budget.Tenant("acme").OpenAsync("$2.00", "held", cancellationToken: TestContext.Current.CancellationToken);

        var paused = (await RunAsync(folder, ["pause", "acme", .. By])).Succeeded();
        var again = (await RunAsync(folder, ["pause", "acme", .. By])).Succeeded();
        var resumed = (await RunAsync(folder, ["resume", "acme", .. By, "--json"])).Succeeded();

        Assert.StartsWith("Tenant acme is paused; all that have money of it have written it (1).", paused.Out, StringComparison.Ordinal);
        Assert.StartsWith("Tenant acme was paused already", again.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(resumed.Out);
        Assert.False(document.RootElement.GetProperty("is_paused").GetBoolean());
        Assert.Equal(0, document.RootElement.GetProperty("not_reached").GetInt32());
    }

    [Fact]
    public async Task Sessions_OfATenant_AreThoseBelowItInPagesAndByState()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using (var budget = await LedgerFixture.StartAsync(folder))
        {
            foreach (var (path, name) in new[] { ("acme", "1"), ("acme/research", "2"), ("acme/research", "3"), ("acmes", "4") })
                await budget.Tenant(path).OpenAsync("$2.00", name, cancellationToken: TestContext.Current.CancellationToken);
            await budget.Client.Get("acme/research@2").CloseAsync(TestContext.Current.CancellationToken);
        }

        var first = (await RunAsync(folder, "sessions", "acme", "--limit", "2")).Succeeded();
        var rest = (await RunAsync(folder, "sessions", "acme", "--after", "acme/research@3", "--json")).Succeeded();
        var ended = (await RunAsync(folder, "sessions", "acme", "--state", "ended", "--json")).Succeeded();

        Assert.Contains("There are more: --after acme/research@3", first.Out, StringComparison.Ordinal);
        Assert.Equal(["acme@1"], rest.Lines.Select(Id));
        Assert.Equal(["acme/research@2"], ended.Lines.Select(Id));
    }

    [Fact]
    public async Task Anything_TenantThatNeverWas_SaysSoAndHowToSetIt()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        (await RunAsync(folder, "show", "nobody")).FailedWith(
            ExitCodes.Failed,
            "The tenant nobody was never set",
            "agentbudget tenant set nobody"
        );
        (await RunAsync(folder, ["top-up", "nobody", "5", .. By])).FailedWith(ExitCodes.Failed, "has no limit (total)", "--window");
        (await RunAsync(folder, ["resume", "nobody", .. By])).FailedWith(ExitCodes.Failed, "is not paused itself");
        (await RunAsync(folder, ["set", "acme", "--opens-sessions", "yes", .. By])).FailedWith(
            ExitCodes.WrongUsage,
            "the defaults have no budget"
        );
    }

    [Fact]
    public async Task Help_OfTheServersOption_SaysThatItsPortIsFullTrust()
    {
        foreach (var command in new string[][] { ["tenant", "pause"], ["sessions", "pause"], ["report"] })
        {
            var help = string.Join(
                ' ',
                (await Tool.RunAsync([.. command, "--help"])).Succeeded().Out.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            );
            Assert.Contains("That port is full trust", help, StringComparison.Ordinal);
        }
    }

    private static Task<ToolRun> RunAsync(TempFolder folder, params string[] arguments) =>
        Tool.RunAsync(["tenant", .. arguments, "--store", folder.Store]);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string? Id(string line)
    {
        using var document = JsonDocument.Parse(line);
        return Text(document.RootElement, "session_id");
    }
}
