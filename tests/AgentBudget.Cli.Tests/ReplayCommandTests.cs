using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class ReplayCommandTests
{
    [Fact]
    public async Task Replay_OneFile_ShowsTheRowTheReportAndWhyItEnded()
    {
        var run = (await Tool.RunAsync("replay", Tool.Sample(Tool.Longer), "--budget", "$0.10")).Succeeded();

        Assert.Contains("21 of 46", run.Out, StringComparison.Ordinal);
        Assert.Contains(
            "Total spend: $0.0951322 of $0.10 | Remaining: $0.0048678 | LLM: $0.0951322 | Tools: $0.00 | Calls: 20",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Contains("Stopped at its hard limit", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Replay_Json_IsOneObjectALine()
    {
        var run = (
            await Tool.RunAsync(
                "replay",
                Tool.Sample(Tool.Fits),
                Tool.Sample(Tool.Longer),
                "--budget",
                "0.20",
                "--mode",
                "charge",
                "--loops",
                "off",
                "--json"
            )
        ).Succeeded();

        Assert.Equal(2, run.Lines.Length);
        using var first = JsonDocument.Parse(run.Lines[0]);
        using var second = JsonDocument.Parse(run.Lines[1]);
        string[] fields =
        [
            "file",
            "session_id",
            "budget",
            "total_spent",
            "overage",
            "full_cost",
            "unpriced_calls",
            "terminated_by",
            "stopped_at_event",
            "soft_limit_at_event",
            "events_total",
            "report",
        ];
        Assert.All(fields, field => Assert.True(first.RootElement.TryGetProperty(field, out _), field));
        Assert.Equal(Tool.Sample(Tool.Fits), first.RootElement.GetProperty("file").GetString());
        Assert.Equal("0.106639200", first.RootElement.GetProperty("total_spent").GetString());
        Assert.Equal("budget_exhausted", second.RootElement.GetProperty("terminated_by").GetString());
    }

    // The text said budget_exhausted, the report within the JSON null.
    [Fact]
    public async Task Replay_CallAboveTheWholeBudget_IsTooLargeInTextAndJson()
    {
        using var folder = new TempFolder();
        var file = folder.File(
            "large.jsonl",
            "{\"format\":1}\n{\"t\":0,\"kind\":\"llm\",\"model\":\"gpt-5\",\"usage\":null,\"recorded_cost_usd\":0.40}"
        );

        var text = (await Tool.RunAsync("replay", file, "--budget", "0.30")).Succeeded();
        var rows = (await Tool.RunAsync("replay", file, file, "--budget", "0.30")).Succeeded();
        using var json = JsonDocument.Parse((await Tool.RunAsync("replay", file, "--budget", "0.30", "--json")).Succeeded().Out);

        Assert.Contains("Stopped: too_large", text.Out, StringComparison.Ordinal);
        Assert.All([text.Out, rows.Out], shown => Assert.DoesNotContain("exhausted", shown, StringComparison.Ordinal));
        Assert.Contains("too_large", rows.Out, StringComparison.Ordinal);
        Assert.Contains("costs more than the whole budget", text.Out, StringComparison.Ordinal);
        Assert.Equal("too_large", json.RootElement.GetProperty("stopped_by").GetString());
        Assert.Equal("too_large", json.RootElement.GetProperty("refusal").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("terminated_by").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("report").GetProperty("terminated_by").ValueKind);
    }

    [Fact]
    public async Task Replay_LoopOptions_AreApplied()
    {
        var file = Tool.Sample("trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl");

        var five = (await Tool.RunAsync("replay", file, "--budget", "1", "--loop-calls", "5", "--loop-window", "1m", "--json")).Succeeded();
        var off = (await Tool.RunAsync("replay", file, "--budget", "1", "--loop-calls", "5", "--loops", "off", "--json")).Succeeded();

        Assert.Contains("\"terminated_by\":\"loop_detected\"", five.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("loop_detected", off.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_SoftLimitsGivenAgain_AreAllSet()
    {
        var run = (
            await Tool.RunAsync("replay", Tool.Sample(Tool.Fits), "--budget", "1", "--soft", "0.1", "--soft", "0.05", "--json")
        ).Succeeded();

        using var result = JsonDocument.Parse(run.Out);
        Assert.Equal(11, result.RootElement.GetProperty("soft_limit_at_event").GetInt32());
    }

    [Fact]
    public async Task Replay_OneBadFileAmongOthers_IsReportedAndTheOthersRun()
    {
        using var folder = new TempFolder();
        var bad = folder.File("bad.jsonl", "{\"format\":1}\n{\"t\":0,\"kind\":\"tool\",\"tool\":\"a\"}\n{\"t\":");

        var run = await Tool.RunAsync(
            "replay",
            bad,
            folder.Path,
            folder.Path + "/none.jsonl",
            Tool.Sample(Tool.Fits),
            "--budget",
            "1",
            "--json"
        );

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Single(run.Lines);
        var errors = run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, errors.Length);
        Assert.StartsWith($"error: {bad}, line 3: not valid JSON", errors[0], StringComparison.Ordinal);
        Assert.Contains("is a folder", errors[1], StringComparison.Ordinal);
        Assert.Contains("no such file", errors[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_UnpricedCalls_WarnsAndNamesTheModels()
    {
        using var folder = new TempFolder();
        var file = folder.File(
            "unpriced.jsonl",
            "{\"format\":1}\n" + """{"t":0,"kind":"llm","provider":"nobody","model":"no-such-model","usage":{"input":1,"output":1}}"""
        );

        var run = await Tool.RunAsync("replay", file, "--budget", "1");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.StartsWith("warning: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("nobody/no-such-model", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_SqliteStore_KeepsTheSessions()
    {
        using var folder = new TempFolder();

        await Tool.RunAsync("replay", Tool.Sample(Tool.Longer), "--budget", "0.10", "--store", folder.Store);
        await Tool.RunAsync("replay", Tool.Sample(Tool.Longer), "--budget", "0.10", "--store", folder.Store);
        var list = (await Tool.RunAsync("sessions", "--store", folder.Store, "--json")).Succeeded();
        var report = (await Tool.RunAsync("report", "replay/mini-gemini3-django-django-12741", "--store", folder.Store)).Succeeded();

        Assert.Equal(2, list.Lines.Length);
        Assert.Contains("\"session_id\":\"replay/mini-gemini3-django-django-12741/2\"", list.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Total spend: $0.0951322", report.Out, StringComparison.Ordinal);
        Assert.Contains("would have cost $0.0079838 with $0.0048678 left", report.Out, StringComparison.Ordinal);
    }
}
