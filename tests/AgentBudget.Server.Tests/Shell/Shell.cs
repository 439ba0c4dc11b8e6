using System.Diagnostics;
using System.Runtime.InteropServices;
using AgentBudget.Cli;

namespace AgentBudget.Server.Tests.Shell;

/// <summary>Runs the tool against a server.</summary>
internal static class Tool
{
    /// <summary>Longer than anything may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>In this process, as a shell would.</summary>
    public static async Task<ToolRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var running = CommandLine.RunAsync(arguments, CliTerminal.For(output, error), TestContext.Current.CancellationToken);
        var exitCode = await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>In a process of its own.</summary>
    public static async Task<ToolRun> RunAsProcessAsync(params string[] arguments)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var own = typeof(Tool).Assembly.Location[..^".dll".Length];
        // With what these tests run on: beside them lie only those libraries that their framework does not have.
        var start = new ProcessStartInfo(
            dotnet,
            [
                "exec",
                "--runtimeconfig",
                own + ".runtimeconfig.json",
                "--depsfile",
                own + ".deps.json",
                typeof(CommandLine).Assembly.Location,
                .. arguments,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return new ToolRun(process.ExitCode, await output, await error);
    }
}

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public ToolRun Succeeded()
    {
        Assert.Equal("", Error);
        Assert.Equal(ExitCodes.Ok, ExitCode);
        return this;
    }

    /// <summary>It says what is wrong in one line of standard error, in words, and nothing else.</summary>
    public void FailedWith(params string[] parts)
    {
        Assert.Equal((ExitCodes.Failed, ""), (ExitCode, Out));
        var line = Assert.Single(Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
