using AgentBudget.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli;

/// <summary>Where the tool writes, and its clock: given from outside, so that commands run in a test as they do in a shell.</summary>
internal sealed class CliTerminal
{
    private readonly TextWriter error;

    private CliTerminal(TextWriter output, bool isOutputTerminal, TextWriter error, bool isErrorTerminal)
    {
        Out = output;
        this.error = error;
        Screen = Consoles.For(output, isOutputTerminal, Consoles.IsColourWanted);
        ProgressScreen = Consoles.For(error, isErrorTerminal, Consoles.IsColourWanted);
    }

    /// <summary>Results.</summary>
    public TextWriter Out { get; }

    /// <summary>Results, laid out for people.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>Standard error, for progress.</summary>
    public IAnsiConsole ProgressScreen { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The terminal that the process has.</summary>
    public static CliTerminal System() => new(Console.Out, !Console.IsOutputRedirected, Console.Error, !Console.IsErrorRedirected);

    /// <summary>Two writers in place of a terminal.</summary>
    public static CliTerminal For(TextWriter output, TextWriter error) => new(output, isOutputTerminal: false, error, isErrorTerminal: false);

    /// <summary>Says what failed, in one line.</summary>
    public void Error(string message) => error.WriteLine("error: " + OneLine(message));

    /// <summary>Says what is worth knowing, in one line.</summary>
    public void Warn(string message) => error.WriteLine("warning: " + OneLine(message));

    // Messages quote what users typed and what systems answered; neither may write over the terminal.
    private static string OneLine(string message) =>
        string.Concat(message.ReplaceLineEndings(" ").Select(character => char.IsControl(character) ? '?' : character));
}
