using System.Text;

namespace AgentBudget.Cli.Tests;

/// <summary>Who gives up is told so, has what was done by then, and nothing more is done.</summary>
public sealed class CancellationTests
{
    [Theory]
    [InlineData(false, "loops")]
    [InlineData(false, "replay", "--budget", "1")]
    [InlineData(true, "replay", "--budget", "1")]
    public async Task Json_GivenUpAfterTheFirstFile_HoldsThatFile(bool hasBar, params string[] command)
    {
        using var given = new CancellationTokenSource();
        using var output = new GivesUp(given);
        using var error = new StringWriter();
        var terminal = CliTerminal.For(output, error);
        terminal.ProgressScreen.Profile.Capabilities.Interactive = hasBar;

        string[] line = [.. command, Tool.Sample(Tool.Fits), Tool.Sample(Tool.Longer), "--json"];
        var exitCode = await CommandLine.RunAsync(line, terminal, given.Token);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("error: Cancelled.", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            Tool.Fits,
            Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Lines_GivenUp_AreNotReadOn()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("{}"));
        using var output = new MemoryStream();
        using var error = new StringWriter();

        var exitCode = await CommandLine.RunAsync(["price"], CliTerminal.For(TextWriter.Null, error, input, output), given.Token);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Empty(output.ToArray());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("close")]
    [InlineData("top-up", "1.00")]
    public async Task Action_GivenUpBeforeItBegins_DoesNothing(string action, params string[] rest)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        using var error = new StringWriter();

        string[] line = ["sessions", action, "open", .. rest, "--store", folder.Store];
        var exitCode = await CommandLine.RunAsync(line, CliTerminal.For(TextWriter.Null, error), given.Token);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("error: Cancelled.", error.ToString(), StringComparison.Ordinal);
        var shown = (await Tool.RunAsync("sessions", "show", "open", "--store", folder.Store, "--json")).Succeeded().Out;
        Assert.Contains("\"sequence\":1,", shown, StringComparison.Ordinal);
    }

    /// <summary>Whoever reads the first line has enough.</summary>
    private sealed class GivesUp(CancellationTokenSource given) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            given.Cancel();
        }
    }
}
