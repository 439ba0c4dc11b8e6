using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>What every command answers to programs: JSON, a line an object, with money as decimal strings; but for the report of
/// <c>report</c>, which has the ancestor's form, and there all money is numbers.</summary>
public sealed partial class JsonTests(Stage stage) : IClassFixture<Stage>
{
    // All that may be a whole number where money is text. What is not here and is a number would be money in the wrong form.
    private static readonly string[] Counts =
    [
        .. UsageDimensions.All.Select(row => row.Name),
        "children_total",
        "runs",
        "stopped",
        .. Enum.GetValues<WindowKind>().Select(kind => $"{Words.Of(kind)}_seconds"),
        "unpriced_calls",
        "max_output_tokens",
        "min_web_searches",
        "max_web_searches",
        "threshold_input_tokens",
        "models",
        "files",
        "files_written",
        "providers",
        "rows",
        "at_event",
        "warned_at_event",
        "exhausted_at_event",
        "stopped_at_event",
        "soft_limit_at_event",
        "loop_warning_at_event",
        "events",
        "events_total",
        "count",
        "calls",
        "calls_by_model",
        "calls_by_tool",
        "sequence",
        "version",
        "part",
        "parts",
        "previous",
        "ledgers",
        "line",
        "findings_total",
        "related",
        "reservation",
        "sequences",
        "window_seconds",
        "idle_timeout_seconds",
        "time_to_live_seconds",
        "carved_children",
        "open",
        "opened",
        "version",
        "waiting",
        "rows_behind",
        "costs",
        "dead_letters",
        "attempt",
        "status",
        "told",
        "not_reached",
        "open_sessions",
        "session_idle_timeout_seconds",
        "session_time_to_live_seconds",
    ];

    // Times, and fractions of a budget.
    private static readonly string[] Fractions = ["timestamp", "duration_seconds", "soft_limits", "hard_limit", "finalization_reserve"];

    public static TheoryData<string> Names =>
        new(Screen.Commands().Where(command => command.Subcommands.Count == 0).Select(CommandLine.NameOf));

    public static TheoryData<int> Screens =>
        new(
            Enumerable
                .Range(0, Screen.All.Length)
                .Where(number =>
                    Screen.All[number].Command
                        is not (
                            "agentbudget"
                            or "agentbudget pricing"
                            or "agentbudget tenant"
                            or "agentbudget webhooks"
                            or "agentbudget billing"
                        )
                )
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Command_OfTheTool_HasJson(string name)
    {
        var command = Screen.Commands().Single(command => CommandLine.NameOf(command) == name);
        var options = command.Options.Concat(
            command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive))
        );
        Assert.Contains(options, option => option.Name == "--json");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Json_OfACommand_IsObjectsWithMoneyOfOneForm(int number)
    {
        var screen = Screen.All[number];
        var run = await Tool.RunAsync([.. stage.Set(screen.Line), "--json"]);

        Assert.Equal(screen.ExitCode, run.ExitCode);
        Assert.True(run.Out.Length > 0 || run.Error.Length > 0 || screen.Arguments.Contains("nobody"), "It says nothing.");
        foreach (var line in run.Lines)
        {
            using var read = JsonDocument.Parse(line);
            Assert.Equal(JsonValueKind.Object, read.RootElement.ValueKind);
            AssertMoney(read.RootElement, "", isNumber: screen.Command == "agentbudget report");
        }
    }

    [Fact]
    public async Task Json_OnATerminal_IsWhatAPipeGets()
    {
        foreach (var screen in Screen.All.Where(screen => screen.Command == "agentbudget price"))
        {
            var line = stage.Set(screen.Line);
            var piped = await Tool.RunAsync(line);
            Assert.StartsWith("{\"usd\":", piped.Out, StringComparison.Ordinal);
            Assert.Equal(piped.Out, (await Tool.RunAtAsync(80, [.. line, "--json"])).Out);
            Assert.DoesNotContain("{\"usd\":", (await Tool.RunAtAsync(80, line)).Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Json_OfLoops_NamesFileAndVerdict()
    {
        var file = Tool.Sample("trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl");
        using var read = JsonDocument.Parse((await Tool.RunAsync("loops", file, "--json")).Succeeded().Out);
        Assert.Equal(file, read.RootElement.GetProperty("file").GetString());
        Assert.Equal("tripped", read.RootElement.GetProperty("verdict").GetString());
    }

    private static void AssertMoney(JsonElement element, string name, bool isNumber)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
                AssertMoney(property.Value, name.StartsWith("calls_by", StringComparison.Ordinal) ? name : property.Name, isNumber);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                AssertMoney(item, name, isNumber);
        }
        else if (element.ValueKind == JsonValueKind.Number && !isNumber)
        {
            Assert.True(Counts.Contains(name) || Fractions.Contains(name), $"{name} is the number {element.GetRawText()}, and no count.");
        }
        else if (element.ValueKind == JsonValueKind.String && isNumber)
        {
            Assert.False(Decimal.IsMatch(element.GetString()!), $"{name} is the text {element.GetRawText()}");
        }
    }

    [GeneratedRegex(@"^-?\d+\.\d+$")]
    private static partial Regex Decimal { get; }
}
