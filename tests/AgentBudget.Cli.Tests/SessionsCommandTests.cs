using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class SessionsCommandTests
{
    [Fact]
    public async Task List_Ledger_ShowsEverySession()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await LedgerFixture.AddATenantsAsync(folder);

        var table = (await Tool.RunAsync("sessions", "--store", folder.Store)).Succeeded();
        var json = (await Tool.RunAsync("sessions", "list", "--store", folder.Store, "--json")).Succeeded();

        Assert.Contains("open (budget_exhausted)", table.Out, StringComparison.Ordinal);
        Assert.Contains("acme/research", table.Out, StringComparison.Ordinal);
        Assert.Equal(["acme/research@ticket", "open", "spent"], json.Lines.Select(line => Field(line, "session_id")));
        Assert.Equal("2.000000000", Field(json.Lines[1], "available"));
        Assert.Equal("0.250000000", Field(json.Lines[2], "overage"));
        Assert.Equal("budget_exhausted", Field(json.Lines[2], "terminated_by"));
    }

    [Fact]
    public async Task List_Pages_GoOnAfterAnIdAndStayWithATenant()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await LedgerFixture.AddATenantsAsync(folder);

        var first = (await Tool.RunAsync("sessions", "list", "--limit", "1", "--store", folder.Store)).Succeeded();
        var second = (await Tool.RunAsync("sessions", "list", "--limit", "1", "--after", "open", "--store", folder.Store)).Succeeded();
        var tenant = (await Tool.RunAsync("sessions", "list", "--tenant", "acme", "--store", folder.Store, "--json")).Succeeded();
        var none = (await Tool.RunAsync("sessions", "list", "--tenant", "nobody", "--store", folder.Store)).Succeeded();

        Assert.Contains("There are more: --after acme/research@ticket", first.Out, StringComparison.Ordinal);
        Assert.Contains("spent", second.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("There are more", second.Out, StringComparison.Ordinal);
        Assert.Equal("acme/research@ticket", Field(Assert.Single(tenant.Lines), "session_id"));
        Assert.StartsWith("No sessions.", none.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Session_TellsItsFacts()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var facts = (await Tool.RunAsync("sessions", "show", "spent", "--store", folder.Store)).Succeeded();
        var json = (await Tool.RunAsync("sessions", "show", "spent", "--store", folder.Store, "--json")).Succeeded();

        Assert.Contains("$1.25", facts.Out, StringComparison.Ordinal);
        Assert.Equal("active", Field(json.Out, "state"));
        Assert.Equal("open", Field(json.Out, "breaker"));
        Assert.Equal("1.250000000", Field(json.Out, "total_spent"));
    }

    [Fact]
    public async Task PauseResumeTopUpClose_Session_DoWhatTheySay()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var paused = (await Tool.RunAsync("sessions", "pause", "open", "--reason", "lunch", "--store", folder.Store)).Succeeded();
        var again = (await Tool.RunAsync("sessions", "pause", "open", "--store", folder.Store)).Succeeded();
        var resumed = (await Tool.RunAsync("sessions", "resume", "open", "--store", folder.Store, "--json")).Succeeded();
        var toppedUp = (
            await Tool.RunAsync("sessions", "top-up", "spent", "$0.50", "--reason", "more", "--store", folder.Store)
        ).Succeeded();
        var closed = (await Tool.RunAsync("sessions", "close", "open", "--reason", "done", "--store", folder.Store, "--json")).Succeeded();
        var report = (await Tool.RunAsync("report", "open", "--store", folder.Store, "--json")).Succeeded();

        Assert.StartsWith("Session open is paused", paused.Out, StringComparison.Ordinal);
        Assert.StartsWith("Session open was paused already", again.Out, StringComparison.Ordinal);
        Assert.Equal("closed", Field(resumed.Out, "breaker"));
        Assert.StartsWith(
            "Session spent has $0.50 more and goes on: $1.25 of $1.50 spent, $0.25 available.",
            toppedUp.Out,
            StringComparison.Ordinal
        );
        Assert.Equal("stopped", Field(closed.Out, "terminated_by"));
        using var timeline = JsonDocument.Parse(report.Out);
        Assert.Equal(
            ["opened", "paused", "resumed", "ended"],
            timeline.RootElement.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString())
        );
        Assert.Equal(
            ["lunch", "done"],
            timeline
                .RootElement.GetProperty("events")
                .EnumerateArray()
                .Where(entry => entry.TryGetProperty("reason", out _))
                .Select(entry => entry.GetProperty("reason").GetString())
        );
    }

    [Theory]
    [InlineData("resume", "raise its budget")]
    [InlineData("pause", "has ended")]
    public async Task Action_Refused_SaysWhyAndExitsWithOne(string action, string why)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        if (action == "pause")
            await Tool.RunAsync("sessions", "close", "spent", "--store", folder.Store);

        (await Tool.RunAsync("sessions", action, "spent", "--store", folder.Store)).FailedWith(ExitCodes.Failed, "spent", why);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("close")]
    [InlineData("top-up", "1.00")]
    public async Task Anything_UnknownSession_NamesItAndWhereToLook(string action, params string[] rest)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var run = await Tool.RunAsync(["sessions", action, "nobody's", .. rest, "--store", folder.Store]);

        run.FailedWith(ExitCodes.Failed, "There is no session \"nobody's\"", "agentbudget sessions list --store");
    }

    private static string? Field(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString();
    }
}
