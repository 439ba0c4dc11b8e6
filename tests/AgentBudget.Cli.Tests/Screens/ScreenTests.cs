namespace AgentBudget.Cli.Tests.Screens;

/// <summary>Every command as a person sees it, on terminals of three widths: laid out for them, no word cut, no row that goes on and
/// on.</summary>
public sealed class ScreenTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly int[] Widths = [60, 80, 120];

    // Wider than any text: nothing is laid out for it, so every word stands as it is.
    private const int Wide = 1000;

    public static TheoryData<int> Screens => new(Enumerable.Range(0, Screen.All.Length));

    public static TheoryData<string> Names => new(Screen.Commands().Select(CommandLine.NameOf));

    [Theory]
    [MemberData(nameof(Names))]
    public void Command_OfTheTool_HasAScreenHere(string name) => Assert.Contains(Screen.All, screen => screen.Command == name);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Screen_OfACommand_FitsEveryWidth(int number)
    {
        var screen = Screen.All[number];
        // How fast money goes depends on when one looks.
        var clock = new StandingClock(TimeProvider.System.GetUtcNow());
        var wide = await RunAsync(screen, Wide, clock);
        foreach (var width in Widths)
        {
            var run = await RunAsync(screen, width, clock);
            Readable.Assert(run.Out, wide.Out, width);
            Assert.Equal(screen.ExitCode, run.ExitCode);
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Screen_OfACommandThatIsPiped_IsPlainText(int number)
    {
        var run = await Tool.RunAsync(stage.Set(Screen.All[number].Line));

        Assert.Equal(Screen.All[number].ExitCode, run.ExitCode);
        Assert.DoesNotContain("\u001b", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("…", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        Assert.True(run.Out.Length > 0 || run.Error.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_OfACommand_FitsEveryWidth(string name)
    {
        var line = name.Split(' ').Skip(1).Append("--help").ToArray();
        var wide = (await Tool.RunAtAsync(Wide, line)).Succeeded().Out;
        foreach (var width in Widths)
            Readable.Assert((await Tool.RunAtAsync(width, line)).Succeeded().Out, wide, width);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Models_Rows_AreAllThere(int width)
    {
        var rows = PriceBook
            .Embedded.Rows.Where(row => row.Names.Append(row.Id).Any(name => name.Contains("sonnet", StringComparison.OrdinalIgnoreCase)))
            .ToArray();
        var lines = (await Tool.RunAtAsync(width, "models", "sonnet")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(rows.Length > 5);
        Assert.All(rows, row => Assert.Contains(lines, line => line.StartsWith(row.Id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Replay_LongNameOfARun_StandsOnOneLine()
    {
        const string loop = "trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004";
        var run = await Tool.RunAtAsync(80, "replay", Tool.Sample(loop + ".jsonl"), Tool.Sample(Tool.Fits), "--budget", "0.10");
        Assert.Contains(run.Out.Split('\n'), line => line.TrimEnd() == loop);
    }

    [Fact]
    public async Task Piped_Rows_AreOneLineEachWithEverything()
    {
        var run = await Tool.RunAsync("models", "claude-haiku-4-5");
        var row = Assert.Single(run.Lines, line => line.StartsWith("anthropic/claude-haiku-4-5", StringComparison.Ordinal));
        Assert.Contains("https://", row, StringComparison.Ordinal);
        Assert.Contains("cache_write_1h", row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("pricing")]
    [InlineData("tenant")]
    public async Task Name_Alone_ShowsHelp(params string[] line)
    {
        var run = (await Tool.RunAsync(line)).Succeeded();
        Assert.Contains("--help", run.Out, StringComparison.Ordinal);
        Assert.Equal((await Tool.RunAsync([.. line, "--help"])).Out, run.Out);
    }

    [Fact]
    public async Task Version_IsAVersion() => Assert.Matches(@"^\d+\.\d+\.\d+", (await Tool.RunAsync("--version")).Succeeded().Out);

    [Fact]
    public async Task Price_WithoutACount_IsWrongUsage() =>
        (await Tool.RunAsync("price", "gpt-5")).FailedWith(ExitCodes.WrongUsage, "gpt-5 is given without a count", "--input 1000");

    private Task<ToolRun> RunAsync(Screen screen, int width, StandingClock clock) =>
        Tool.RunAtAsync(width, screen.Command == "agentbudget tenant report" ? clock : TimeProvider.System, stage.Set(screen.Line));

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
