using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentBudget.Cli.Tests;

/// <summary>The ledger that commands find by themselves, in the working directory of a process of their own.</summary>
public sealed class DefaultLedgerTests
{
    [Theory]
    [InlineData("spent", "sessions")]
    [InlineData("$1.25", "sessions", "show", "spent")]
    [InlineData("$1.25", "report", "spent")]
    [InlineData("Nothing is wrong", "mend")]
    public async Task Command_InAFolderWithALedger_FindsIt(string part, params string[] line)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync("sqlite:" + Path.Combine(folder.Path, new EmbeddedOptions().Path!));

        var run = (await StartAsync(folder.Path, line)).Succeeded();

        Assert.Contains(part, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_InAFolderWithoutALedger_SaysWhatToName()
    {
        using var folder = new TempFolder();

        (await StartAsync(folder.Path, "report", "spent")).FailedWith(ExitCodes.WrongUsage, "there is no ledger in .agentbudget here");

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static async Task<ToolRun> StartAsync(string folder, params string[] line)
    {
        // The same runtime that these tests run on.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, [typeof(CommandLine).Assembly.Location, .. line])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ToolRun(process.ExitCode, await output, error);
    }
}
