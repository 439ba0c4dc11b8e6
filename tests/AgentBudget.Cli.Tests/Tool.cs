namespace AgentBudget.Cli.Tests;

/// <summary>Runs the tool in this process, as a shell would.</summary>
internal static class Tool
{
    public const string Fits = "mini-gemini3-django-django-11163.jsonl";
    public const string Longer = "mini-gemini3-django-django-12741.jsonl";

    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "traces", name);

    /// <summary>Runs the tool on a terminal of so many columns, without colours.</summary>
    public static Task<ToolRun> RunAtAsync(int width, params string[] arguments) => RunAtAsync(width, TimeProvider.System, arguments);

    /// <summary>The same by a clock.</summary>
    public static async Task<ToolRun> RunAtAsync(int width, TimeProvider time, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = CliTerminal.ForColumns(width, output, error);
        terminal.Time = time;
        var exitCode = await CommandLine.RunAsync(arguments, terminal, TestContext.Current.CancellationToken);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    public static async Task<ToolRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, CliTerminal.For(output, error), TestContext.Current.CancellationToken);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>It did what it was asked, without a word of complaint.</summary>
    public ToolRun Succeeded()
    {
        Assert.Equal("", Error);
        Assert.Equal(ExitCodes.Ok, ExitCode);
        return this;
    }

    /// <summary>It says what is wrong in one line of standard error, and nothing else.</summary>
    public void FailedWith(int exitCode, params string[] parts)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Equal("", Out);
        var line = Assert.Single(Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        foreach (var part in parts)
            Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
