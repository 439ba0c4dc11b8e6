namespace AgentBudget.Cli.Tests;

/// <summary>Every command as a person sees it, on terminals of three widths: laid out for them, no word cut, no row that goes on and
/// on.</summary>
public sealed class ScreenTests
{
    private static readonly int[] Widths = [60, 80, 120];

    public static TheoryData<string[]> Commands =>
        new(
            ["models", "sonnet"],
            ["models", "claude-opus", "--verbose"],
            ["replay", Tool.Sample(Tool.Fits), Tool.Sample(Tool.Longer), Tool.Sample(Loop), "--budget", "0.10"],
            ["replay", Tool.Sample(Tool.Longer), "--budget", "0.10"],
            ["loops", Tool.Sample(Loop), Tool.Sample(Tool.Fits)],
            ["price", "gpt-5", "--input", "1000", "--output", "200"],
            ["price", "no-such-model", "--input", "1"],
            ["--help"],
            ["replay", "--help"],
            ["price", "--help"],
            ["sessions", "--help"],
            []
        );

    private const string Loop = "trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl";

    public static TheoryData<string[]> LedgerCommands =>
        new(["sessions"], ["sessions", "show", LongId], ["report", LongId], ["report", "spent"], ["sessions", "pause", LongId]);

    private const string LongId = "replay/trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004";

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Screen_OfACommand_FitsEveryWidth(string[] arguments)
    {
        var piped = (await Tool.RunAsync(arguments)).Out;
        foreach (var width in Widths)
            AssertReadable(await Tool.RunAtAsync(width, arguments), piped, width);
    }

    [Theory]
    [MemberData(nameof(LedgerCommands))]
    public async Task Screen_OfALedger_FitsEveryWidth(string[] arguments)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using (var budget = await LedgerFixture.StartAsync(folder))
        {
            var options = new BudgetSessionOptions
            {
                Budget = Money.Parse("1234.567"),
                Tenant = TenantPath.Parse("a/tenant/of/some/length"),
                Tags = new Dictionary<string, string>
                {
                    ["purpose"] = "to see how a value with many words in it is laid out where there is little room",
                },
            };
            await budget.OpenAsync(options, LongId, cancellationToken: TestContext.Current.CancellationToken);
            await budget
                .Client.Get(LongId)
                .ChargeAsync(Call.Model("a-model-with-a-long-name-2026-01-01"), Money.Parse("1"), TestContext.Current.CancellationToken);
        }

        // Some commands say something else the second time, and the third time the same again.
        await Tool.RunAsync([.. arguments, "--store", folder.Store]);
        var piped = (await Tool.RunAsync([.. arguments, "--store", folder.Store])).Out;
        foreach (var width in Widths)
            AssertReadable(await Tool.RunAtAsync(width, [.. arguments, "--store", folder.Store]), piped, width);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Models_Rows_AreAtMostThreeLinesHighAndAllThere(int width)
    {
        var rows = PriceBook
            .Embedded.Rows.Where(row => row.Names.Append(row.Id).Any(name => name.Contains("sonnet", StringComparison.OrdinalIgnoreCase)))
            .ToArray();
        var lines = (await Tool.RunAtAsync(width, "models", "sonnet")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(rows.Length > 5);
        Assert.InRange(lines.Length, rows.Length, (rows.Length * 3) + 4);
        Assert.All(rows, row => Assert.Contains(lines, line => line.StartsWith(row.Id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Replay_LongNameOfARun_StandsOnOneLine()
    {
        var run = await Tool.RunAtAsync(80, "replay", Tool.Sample(Loop), Tool.Sample(Tool.Fits), "--budget", "0.10");
        Assert.Contains(run.Out.Split('\n'), line => line.TrimEnd() == Path.GetFileNameWithoutExtension(Loop));
    }

    [Fact]
    public async Task Piped_Rows_AreOneLineEachWithEverything()
    {
        var run = await Tool.RunAsync("models", "claude-haiku-4-5");
        var row = Assert.Single(run.Lines, line => line.StartsWith("anthropic/claude-haiku-4-5", StringComparison.Ordinal));
        Assert.Contains("https://", row, StringComparison.Ordinal);
        Assert.Contains("cache_write_1h", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_Alone_ShowsHelp()
    {
        var run = (await Tool.RunAsync()).Succeeded();
        Assert.Contains("replay", run.Out, StringComparison.Ordinal);
        Assert.Equal((await Tool.RunAsync("--help")).Out, run.Out);
    }

    [Fact]
    public async Task Version_IsAVersion() => Assert.Matches(@"^\d+\.\d+\.\d+", (await Tool.RunAsync("--version")).Succeeded().Out);

    [Fact]
    public async Task Price_WithoutACount_IsWrongUsage() =>
        (await Tool.RunAsync("price", "gpt-5")).FailedWith(ExitCodes.WrongUsage, "gpt-5 is given without a count", "--input 1000");

    [Theory]
    [InlineData("price", "gpt-5", "--input", "1000")]
    [InlineData("models", "gpt-5")]
    [InlineData("loops", "FILE")]
    [InlineData("replay", "FILE", "--budget", "1")]
    public async Task Json_OfACommand_HasMoneyAsTextEverywhere(params string[] arguments)
    {
        var run = (
            await Tool.RunAsync([.. arguments.Select(argument => argument == "FILE" ? Tool.Sample(Loop) : argument), "--json"])
        ).Succeeded();
        foreach (var line in run.Lines)
        {
            using var read = System.Text.Json.JsonDocument.Parse(line);
            AssertNoFractions(read.RootElement, "");
        }
    }

    private static void AssertNoFractions(System.Text.Json.JsonElement element, string name)
    {
        switch (element.ValueKind)
        {
            case System.Text.Json.JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    AssertNoFractions(property.Value, property.Name);
                break;
            case System.Text.Json.JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    AssertNoFractions(item, name);
                break;
            case System.Text.Json.JsonValueKind.Number:
                Assert.True(
                    element.TryGetInt64(out _) || name is "timestamp" or "duration_seconds",
                    $"{name} is the number {element.GetRawText()}"
                );
                break;
        }
    }

    private static void AssertReadable(ToolRun run, string piped, int width)
    {
        Assert.DoesNotContain("\u001b", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("…", run.Out, StringComparison.Ordinal);
        var words = piped.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        foreach (var line in run.Out.Split('\n').Select(line => line.TrimEnd()))
        {
            var inLine = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(line.Length <= width || inLine.Length == 1, $"{line.Length} columns at {width}: {line}");
            // What a narrow screen says of itself, and rules, are its own.
            if (line.StartsWith('─') || IsAboutTheScreen(line))
                continue;
            Assert.All(inLine, word => Assert.True(words.Contains(word), $"\"{word}\" is no word of what is written elsewhere: {line}"));
        }

        static bool IsAboutTheScreen(string line) =>
            line.StartsWith("US dollars", StringComparison.Ordinal) || line.Contains("--verbose", StringComparison.Ordinal);
    }
}
