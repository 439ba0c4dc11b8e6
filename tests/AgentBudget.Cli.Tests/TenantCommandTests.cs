using System.Text.Json;
using AgentBudget.Cli.Commands;
using AgentBudget.Cli.Commands.Tenants;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;

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
        Assert.Equal(("monthly_limit", "750.000000000", null), (Text(change, "setting"), Text(change, "before"), Text(change, "now")));
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
        Assert.Contains("Daily limit: none, now $10.00", shown.Out, StringComparison.Ordinal);
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
        (await RunAsync(folder, ["set", "acme", "--opens-sessions", "yes", .. By])).FailedWith(
            ExitCodes.WrongUsage,
            "the defaults have no budget"
        );
    }

    // A kill switch on a path that was mistyped said that it was done, and what was meant went on.
    [Theory]
    [InlineData("pause")]
    [InlineData("stop")]
    [InlineData("resume")]
    [InlineData("top-up", "5")]
    public async Task Act_OnATenantThatIsNotThere_IsAnErrorAndMakesNone(string name, params string[] more)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        (await RunAsync(folder, [name, "acme/reserch", .. more, .. By])).FailedWith(
            ExitCodes.Failed,
            "The tenant acme/reserch was never set",
            "check the path"
        );
        (await RunAsync(folder, "show", "acme/reserch")).FailedWith(ExitCodes.Failed, "was never set");
        (await RunAsync(folder, "sessions", "acme/reserch")).FailedWith(ExitCodes.Failed, "was never set");
    }

    [Fact]
    public async Task Pause_OfATenantThatIsNotThereAndIsMeant_HoldsForWhoComes()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        (await RunAsync(folder, ["pause", "acme", "--create", .. By])).Succeeded();
        Assert.Contains("paused", (await RunAsync(folder, "show", "acme")).Succeeded().Out, StringComparison.Ordinal);
        (await RunAsync(folder, ["resume", "acme", .. By])).Succeeded();
        (await RunAsync(folder, ["top-up", "acme", "5", .. By])).FailedWith(ExitCodes.Failed, "has no limit (total)", "--window");
        (await RunAsync(folder, ["resume", "acme", .. By])).FailedWith(ExitCodes.Failed, "is not paused itself");
    }

    [Fact]
    public async Task Pause_ThatHasNotReachedAll_HasAnExitCodeOfItsOwn()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await LedgerFixture.AddATenantsAsync(folder);
        var paused = await RunAsync(folder, ["pause", "acme/research", "--within", "0s", .. By]);
        Assert.Equal((ExitCodes.NotAllReached, ""), (paused.ExitCode, paused.Error));
        Assert.Contains("1 were not reached", paused.Out, StringComparison.Ordinal);
        (await RunAsync(folder, ["pause", "acme/research", .. By])).Succeeded();
    }

    [Fact]
    public async Task TopUp_UnderTheSameKey_IsDoneOnce()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        (await RunAsync(folder, ["set", "acme", "--limit", "10", .. By])).Succeeded();
        (await RunAsync(folder, ["top-up", "acme", "5", "--key", "april", .. By])).Succeeded();
        var again = (await RunAsync(folder, ["top-up", "acme", "5", "--key", "april", .. By])).Succeeded();
        Assert.Contains("The limit in force is $15.00.", again.Out, StringComparison.Ordinal);
        (await RunAsync(folder, ["top-up", "acme", "5", "--key", "a key", .. By])).FailedWith(ExitCodes.WrongUsage, "--key");
    }

    [Fact]
    public async Task Set_WhileSomebodyTopsUp_UndoesNothing()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        (await RunAsync(folder, ["set", "acme", "--limit", "10", .. By])).Succeeded();
        await using var ledger = await LedgerOf(folder)
            .OpenAsync(TimeProvider.System, _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        var isFirst = true;
        await TenantSetCommand.SetAsync(
            ledger,
            TenantPath.Parse("acme"),
            settings =>
            {
                if (isFirst)
                    TopUp(ledger, "5");
                isFirst = false;
                return settings with { DailyLimit = Money.Parse("1") };
            },
            new Cause("alice", null),
            TestContext.Current.CancellationToken
        );

        var set = await ledger.FindTenantAsync(TenantPath.Parse("acme"), TestContext.Current.CancellationToken);
        Assert.Equal((Money.Parse("15"), Money.Parse("1")), (set.Settings.TotalLimit, set.Settings.DailyLimit));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Act_WhoseLookAfterwardsFails_SaysWhatWasDone(bool isJson)
    {
        using var folder = new TempFolder();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var answer = new SessionAnswer { Standing = default, ChildrenTold = 3 };
        await TenantAction.WriteAsync(
            TenantPath.Parse("acme"),
            new TenantDeed((_, _, _) => throw new InvalidOperationException()) { Standing = _ => "" },
            new Acted(answer, "Tenant acme has $5.00 more (total)."),
            () => throw new CommandFailedException("The server does not answer any more; try again when it is back."),
            LedgerOf(folder),
            isJson,
            CliTerminal.For(output, error)
        );
        Assert.Contains("It is done.", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("agentbudget tenant show acme --store", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("try again", error.ToString(), StringComparison.Ordinal);
        if (!isJson)
        {
            Assert.StartsWith("Tenant acme has $5.00 more (total).", output.ToString(), StringComparison.Ordinal);
            return;
        }

        using var document = JsonDocument.Parse(output.ToString());
        Assert.Equal(("acme", 3), (Text(document.RootElement, "tenant"), document.RootElement.GetProperty("told").GetInt32()));
    }

    [Fact]
    public async Task Report_OfATenant_TellsTheDayByNamesRunsAndHowFastMoneyGoes()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        (await RunAsync(folder, ["set", "acme", "--daily", "10", "--soft-limits", "0.1", .. By])).Succeeded();
        await using (var budget = await LedgerFixture.StartAsync(folder))
        {
            var options = new BudgetSessionOptions { Budget = Money.Parse("5"), Agent = "writer" };
            await using var session = await budget
                .Tenant("acme")
                .OpenAsync(options, "1", cancellationToken: TestContext.Current.CancellationToken);
            await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.75"), TestContext.Current.CancellationToken);
            await session.ChargeAsync(Call.Tool("read"), Money.Parse("0.50"), TestContext.Current.CancellationToken);
            await session.CloseAsync(TestContext.Current.CancellationToken);
        }

        var shown = (await RunAsync(folder, "report", "acme", "--names", "1")).Succeeded();
        var json = (await RunAsync(folder, "report", "acme", "--names", "1", "--json")).Succeeded();
        var before = (await RunAsync(folder, "report", "acme", "--day", "yesterday", "--json")).Succeeded();

        foreach (var part in new[] { "search", "(other)", "writer", "Runs that ended", "an hour; the limit (day) lasts" })
            Assert.Contains(part, shown.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Out);
        var day = document.RootElement.GetProperty("day");
        var tools = day.GetProperty("lists").EnumerateArray().Single(list => Text(list, "by") == "tool").GetProperty("names");
        Assert.Equal(
            [("search", "0.750000000", 1), ("(other)", "0.500000000", 1)],
            tools.EnumerateArray().Select(line => (Text(line, "name"), Text(line, "spent"), line.GetProperty("calls").GetInt32()))
        );
        Assert.Equal("1.250000000", Text(day.GetProperty("runs_by_agent")[0], "average"));
        Assert.True(document.RootElement.GetProperty("last_hour").GetProperty("time_left").GetProperty("day_seconds").GetInt64() > 0);
        var window = document.RootElement.GetProperty("windows").EnumerateArray().Single(one => Text(one, "window") == "day");
        Assert.Equal("1.250000000", Text(window, "settled"));
        Assert.Equal(0.1m, Assert.Single(window.GetProperty("soft_limits_crossed").EnumerateArray()).GetDecimal());
        using var yesterday = JsonDocument.Parse(before.Out);
        Assert.Equal("0.000000000", Text(yesterday.RootElement.GetProperty("day"), "spent"));
    }

    [Fact]
    public async Task Sessions_InJson_SayWhereTheyGoOnAndAllOfThemDoNot()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using (var budget = await LedgerFixture.StartAsync(folder))
        {
            foreach (var name in new[] { "1", "2", "3" })
                await budget.Tenant("acme").OpenAsync("$2.00", name, cancellationToken: TestContext.Current.CancellationToken);
        }

        var page = (await RunAsync(folder, "sessions", "acme", "--limit", "2", "--json")).Succeeded();
        using (var last = JsonDocument.Parse(page.Lines[^1]))
            Assert.Equal("acme@2", Text(last.RootElement, "next"));
        Assert.Equal(["acme@1", "acme@2"], page.Lines[..^1].Select(Id));
        var all = (await RunAsync(folder, "sessions", "acme", "--limit", "2", "--all", "--json")).Succeeded();
        Assert.Equal(["acme@1", "acme@2", "acme@3"], all.Lines.Select(Id));
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

    private static LedgerAddress LedgerOf(TempFolder folder) => new(StoreAddress.Parse(folder.Store), null);

    private static void TopUp(ClientView ledger, string amount) =>
        ledger.Client.Tenant("acme").TopUpAsync(amount, cancellationToken: TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private static Task<ToolRun> RunAsync(TempFolder folder, params string[] arguments) =>
        Tool.RunAsync(["tenant", .. arguments, "--store", folder.Store]);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string? Id(string line)
    {
        using var document = JsonDocument.Parse(line);
        return Text(document.RootElement, "session_id");
    }
}
