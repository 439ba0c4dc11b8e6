using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli;

/// <summary>Where the tool writes, and its clock: given from outside, so that commands run in a test as they do in a shell.</summary>
internal sealed class CliTerminal
{
    private readonly Func<Stream> openInput;
    private readonly Func<Stream> openOutput;

    private CliTerminal(
        TextWriter output,
        bool isOutputTerminal,
        TextWriter error,
        bool isErrorTerminal,
        Func<Stream> openInput,
        Func<Stream> openOutput,
        int? width = null,
        Func<string, string?>? environment = null
    )
    {
        Out = output;
        IsWatched = isOutputTerminal || width is not null;
        this.openInput = openInput;
        this.openOutput = openOutput;
        Screen = Consoles.For(output, isOutputTerminal, width, environment);
        ProgressScreen = Consoles.For(error, isErrorTerminal, width, environment);
    }

    /// <summary>Results.</summary>
    public TextWriter Out { get; }

    /// <summary>Whether a person looks at the results, and no pipe or file takes them.</summary>
    public bool IsWatched { get; }

    /// <summary>Whether a person types the input.</summary>
    public bool IsTyped { get; private init; }

    /// <summary>Results, laid out for people.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>Standard error, for progress.</summary>
    public IAnsiConsole ProgressScreen { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The terminal that the process has.</summary>
    public static CliTerminal System() =>
        new(
            Console.Out,
            !Console.IsOutputRedirected,
            Console.Error,
            !Console.IsErrorRedirected,
            Console.OpenStandardInput,
            Console.OpenStandardOutput
        )
        {
            IsTyped = !Console.IsInputRedirected,
        };

    /// <summary>Two writers in place of a terminal, and streams where a command works on bytes.</summary>
    public static CliTerminal For(TextWriter output, TextWriter error, Stream? input = null, Stream? outputBytes = null) =>
        new(output, isOutputTerminal: false, error, isErrorTerminal: false, () => input ?? Stream.Null, () => outputBytes ?? Stream.Null);

    /// <summary>A writer in place of a terminal that has so many columns and no colours.</summary>
    public static CliTerminal ForColumns(int width, TextWriter output, TextWriter error, Stream? input = null) =>
        new(output, isOutputTerminal: false, error, isErrorTerminal: false, () => input ?? Stream.Null, () => Stream.Null, width);

    /// <summary>Writers in place of a terminal that has colours, in an environment of its own.</summary>
    public static CliTerminal ForColours(TextWriter output, TextWriter error, Func<string, string?> environment) =>
        new(output, isOutputTerminal: true, error, isErrorTerminal: true, () => Stream.Null, () => Stream.Null, 80, environment);

    /// <summary>Whether an answer of <c>price</c> is for a program: it is asked for so, or nobody looks.</summary>
    public bool IsForPrograms(bool isJson) => isJson || !IsWatched;

    /// <summary>Standard input as bytes, for lines that may be many.</summary>
    public Stream OpenInput() => openInput();

    /// <summary>Results as bytes, for lines that may be many; not to be mixed with <see cref="Out"/>.</summary>
    public Stream OpenOutput() => openOutput();

    /// <summary>Says what failed, in one line.</summary>
    public void Error(string message) => Tell("error: ", Looks.Bad, message);

    /// <summary>Says what is worth knowing, in one line.</summary>
    public void Warn(string message) => Tell("warning: ", Looks.Doubtful, message);

    // One line, however long: who reads errors by program reads lines.
    private void Tell(string kind, Style style, string message) =>
        ProgressScreen.WriteLine(new StyledLine().Add(kind, style).Add(message.ReplaceLineEndings(" ")));
}
