namespace AgentBudget.Cli.Tests;

/// <summary>Where nothing can be said, or nothing is there to say it of.</summary>
public sealed class NothingThereTests
{
    [Fact]
    public async Task PricingCheck_FolderWithoutPriceFiles_Fails()
    {
        using var folder = new TempFolder();
        (await Tool.RunAsync("pricing", "check", folder.Path)).FailedWith(ExitCodes.Failed, "no .json file");
    }

    [Fact]
    public async Task Error_NobodyTakesIt_ExitCodeStillSaysIt()
    {
        await using var full = new FullWriter();
        var exitCode = await CommandLine.RunAsync(
            ["nothing"],
            CliTerminal.For(TextWriter.Null, full),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(ExitCodes.WrongUsage, exitCode);
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
