using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class LoopsCommandTests
{
    private const string Stuck = "trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl";
    private const string Healthy = "mini-gemini3-django-django-11163.jsonl";

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "traces", name);

    [Fact]
    public async Task Loops_Json_IsOneObjectAFile()
    {
        var tool = await Tool.RunAsync("loops", Sample(Stuck), Sample(Healthy), "--json");
        Assert.Equal(0, tool.ExitCode);
        var lines = tool.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using var stuck = JsonDocument.Parse(lines[0]);
        var root = stuck.RootElement;
        Assert.Equal(
            ("tripped", "stall", 45),
            (root.GetProperty("verdict").GetString(), root.GetProperty("rule").GetString(), root.GetProperty("at_event").GetInt32())
        );
        Assert.Equal(Sample(Stuck), root.GetProperty("file").GetString());
        Assert.Equal(
            ("0.402600000", "0.714185000"),
            (root.GetProperty("spent_before").GetString(), root.GetProperty("full_cost").GetString())
        );
        Assert.Equal(
            [35, 37, 39, 41, 43],
            root.GetProperty("evidence").GetProperty("events").EnumerateArray().Select(number => number.GetInt32())
        );
        using var healthy = JsonDocument.Parse(lines[1]);
        Assert.Equal("none", healthy.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, healthy.RootElement.GetProperty("rule").ValueKind);
        Assert.Equal(JsonValueKind.Null, healthy.RootElement.GetProperty("evidence").ValueKind);
    }

    [Fact]
    public async Task Loops_Table_ExplainsWhatItFound()
    {
        var tool = await Tool.RunAsync("loops", Sample(Stuck), Sample(Healthy));
        Assert.Equal(0, tool.ExitCode);
        Assert.Contains("tripped at event 45 by rule stall, warned at event 41", tool.Out, StringComparison.Ordinal);
        Assert.Contains("What resets it", tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loops_NoFileOrNoSuchFile_SaysSo()
    {
        var none = await Tool.RunAsync("loops");
        Assert.Equal(2, none.ExitCode);
        var missing = await Tool.RunAsync("loops", "no-such-file.jsonl", Sample(Healthy), "--json");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no-such-file.jsonl", missing.Error, StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"none\"", missing.Out, StringComparison.Ordinal);
        var table = await Tool.RunAsync("loops", "no-such-file.jsonl", Sample(Healthy));
        Assert.Equal(1, table.ExitCode);
        Assert.Contains("no-such-file.jsonl", table.Error, StringComparison.Ordinal);
        Assert.Contains("mini-gemini3-django-django-11163  none", table.Out, StringComparison.Ordinal);
    }
}
