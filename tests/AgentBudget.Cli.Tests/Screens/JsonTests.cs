using System.CommandLine;
using System.Text.Json;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>What every command answers to programs: JSON, a line an object, with money as decimal strings; but for the report of
/// <c>report</c>, which has the ancestor's form, and there all money is numbers.</summary>
public sealed class JsonTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly string[] Money =
    [
        "usd",
        "table_usd",
        "budget",
        "total_spent",
        "remaining",
        "available",
        "reserved",
        "overage",
        "full_cost",
        "saved",
        "spent_before",
        "total",
        "cost",
        "amount",
    ];

    // Times, and fractions of a budget.
    private static readonly string[] Fractions = ["timestamp", "duration_seconds", "soft_limits", "hard_limit", "finalization_reserve"];

    public static TheoryData<string> Names =>
        new(Screen.Commands().Where(command => command.Subcommands.Count == 0).Select(CommandLine.NameOf));

    public static TheoryData<int> Screens =>
        new(
            Enumerable
                .Range(0, Screen.All.Length)
                .Where(number => Screen.All[number].Command is not ("agentbudget" or "agentbudget pricing"))
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
                AssertMoney(property.Value, property.Name, isNumber);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                AssertMoney(item, name, isNumber);
        }
        else if (element.ValueKind != JsonValueKind.Null && Money.Contains(name))
        {
            Assert.True(element.ValueKind == (isNumber ? JsonValueKind.Number : JsonValueKind.String), $"{name} is {element.GetRawText()}");
        }
        else if (element.ValueKind == JsonValueKind.Number && !isNumber)
        {
            Assert.True(element.TryGetInt64(out _) || Fractions.Contains(name), $"{name} is the number {element.GetRawText()}");
        }
    }
}
