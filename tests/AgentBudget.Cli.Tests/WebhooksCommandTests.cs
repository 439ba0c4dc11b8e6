using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class WebhooksCommandTests
{
    [Fact]
    public async Task Webhooks_FromAddToRemove_DoWhatTheySay()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var added = Json(
            await RunAsync("add", "https://hook.invalid/a", "--tenant", "acme", "--type", "limit.soft", "--type", "limit.hard", "--json")
        );
        var (id, secret) = (Text(added, "id"), Text(added, "secret"));
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);

        var listed = (await RunAsync("list", "--json")).Succeeded();
        Assert.DoesNotContain(secret, listed.Out, StringComparison.Ordinal);
        Assert.Equal((id, "active", "acme"), (Text(Json(listed), "id"), Text(Json(listed), "state"), Text(Json(listed), "tenant")));
        Assert.Equal("paused", Text(Json(await RunAsync("pause", id, "--json")), "state"));
        Assert.Contains("is posted to again", (await RunAsync("resume", id)).Succeeded().Out, StringComparison.Ordinal);
        Assert.True(Json(await RunAsync("replay", id, "--since", "24h", "--json")).GetProperty("rows_behind").GetInt64() > 0);
        Assert.Equal(0, Json(await RunAsync("replay", id, "--position", "0:1", "--json")).GetProperty("waiting").GetInt64());
        Assert.NotEqual(secret, Text(Json(await RunAsync("rotate", id, "--json")), "secret"));

        var test = await RunAsync("test", id, "--json");
        Assert.Equal(ExitCodes.Failed, test.ExitCode);
        var attempt = JsonSerializer.Deserialize<JsonElement>(test.Out);
        Assert.Equal(("test", false), (Text(attempt, "type"), attempt.GetProperty("accepted").GetBoolean()));
        Assert.Equal(Text(attempt, "event"), Text(Json(await RunAsync("log", id, "--json")), "event"));

        Assert.Contains("is removed", (await RunAsync("remove", id)).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("No endpoints.", (await RunAsync("list")).Succeeded().Out.Trim());
        (await RunAsync("pause", id)).FailedWith(ExitCodes.Failed, id);

        async Task<ToolRun> RunAsync(string command, params string[] rest) =>
            await Tool.RunAsync(["webhooks", command, .. rest, "--store", folder.Store]);
    }

    [Theory]
    [InlineData(ExitCodes.Failed, "https://", "add", "http://example.com/hook")]
    [InlineData(ExitCodes.Failed, "no public address", "add", "https://169.254.169.254/latest/meta-data")]
    [InlineData(ExitCodes.Failed, "whsec_", "add", "https://example.com/hook", "--secret", "no-secret-of-mine")]
    [InlineData(ExitCodes.WrongUsage, "limit.softly", "add", "https://example.com/hook", "--type", "limit.softly")]
    [InlineData(ExitCodes.WrongUsage, "--since", "replay", "one")]
    [InlineData(ExitCodes.WrongUsage, "--position", "replay", "one", "--position", "17")]
    [InlineData(ExitCodes.Failed, "'one'", "test", "one")]
    public async Task Webhooks_AskedForWhatCannotBe_SayWhyAndTheMend(int exitCode, string said, params string[] arguments)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var run = await Tool.RunAsync(["webhooks", .. arguments, "--store", folder.Store]);
        run.FailedWith(exitCode, said);
        Assert.DoesNotContain("no-secret-of-mine", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_OnAScreen_AreReadable()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var added = (
            await Tool.RunAtAsync(80, "webhooks", "add", "https://hook.invalid/a", "--id", "billing", "--store", folder.Store)
        ).Succeeded();
        Assert.Contains(added.Lines, line => line.StartsWith("Secret              whsec_", StringComparison.Ordinal));
        var listed = (await Tool.RunAtAsync(80, "webhooks", "list", "--store", folder.Store)).Succeeded();
        Assert.Matches("^billing +active +0 +0", listed.Lines[2]);
    }

    private static JsonElement Json(ToolRun run) => JsonSerializer.Deserialize<JsonElement>(run.Succeeded().Lines[0]);

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;
}
