namespace AgentBudget.Cli.Tests.Screens;

/// <summary>Colour where a terminal has it, on what is bad, and nowhere else.</summary>
public sealed class ColourTests(Stage stage) : IClassFixture<Stage>
{
    private const string Red = "\u001b[91m";
    private const string Plain = "\u001b[0m";

    [Fact]
    public async Task Exhausted_OnATerminal_IsRed() =>
        Assert.Contains(
            $"{Red}open (budget_exhausted){Plain}",
            (await RunAsync(null, "sessions", "--store", "sqlite:{ledger}")).Out,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Tripped_OnATerminal_IsRed() =>
        Assert.Contains($"{Red}tripped{Plain}", (await RunAsync(null, "loops", Loop)).Out, StringComparison.Ordinal);

    [Fact]
    public async Task Error_OnATerminal_IsRed() =>
        Assert.StartsWith(
            $"{Red}error: {Plain}--store",
            (await RunAsync(null, "sessions", "--store", "x")).Error,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("price", "no-such-model", "--input", "1")]
    [InlineData("report", "spent", "--store", "sqlite:{ledger}")]
    [InlineData("sessions", "show", "spent", "--store", "sqlite:{ledger}")]
    public async Task Bad_OnATerminal_IsRed(params string[] line) =>
        Assert.Contains(Red, (await RunAsync(null, line)).Out, StringComparison.Ordinal);

    [Fact]
    public async Task Good_OnATerminal_IsNotRed() =>
        Assert.DoesNotContain(
            Red,
            (await RunAsync(null, "sessions", "show", Stage.LongId, "--store", "sqlite:{ledger}")).Out,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task NoColor_Set_IsHonouredByEveryCommand()
    {
        foreach (var screen in Screen.All)
        {
            var run = await RunAsync("1", screen.Line);
            Assert.DoesNotContain("\u001b", run.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001b", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NoColor_SetToNothing_SaysNothing() =>
        Assert.Contains(Red, (await RunAsync("", "loops", Loop)).Out, StringComparison.Ordinal);

    private const string Loop = "{trace:trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl}";

    private async Task<ToolRun> RunAsync(string? noColor, params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = CliTerminal.ForColours(output, error, name => name == "NO_COLOR" ? noColor : null);
        var exitCode = await CommandLine.RunAsync(stage.Set(line), terminal, TestContext.Current.CancellationToken);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}
