using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>Makes consoles that lay out tables on a terminal as well as in a file.</summary>
public static class Consoles
{
    // Wide enough that a row stays a row for whoever greps it; a file has no edge to wrap at.
    private const int WidthWithoutTerminal = 400;

    // Narrower than this nothing can be laid out, and some terminals say that they have no width at all.
    private const int LeastWidth = 40;

    /// <summary>A console that writes to a writer. It has no colours where <c>NO_COLOR</c> is set to anything.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">Whether a person looks at it; otherwise there are no colours and no control sequences.</param>
    /// <param name="width">How many columns it has; null: as many as the terminal says.</param>
    /// <param name="environment">The environment of a writer that is taken for a terminal with colours; null: the process's own, and
    /// what the terminal can do is found out.</param>
    public static IAnsiConsole For(TextWriter writer, bool isTerminal, int? width = null, Func<string, string?>? environment = null)
    {
        var mayColour = isTerminal && string.IsNullOrEmpty((environment ?? Environment.GetEnvironmentVariable)("NO_COLOR"));
        var (ansi, colours) = environment is null
            ? (AnsiSupport.Detect, ColorSystemSupport.Detect)
            : (AnsiSupport.Yes, ColorSystemSupport.Standard);
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = isTerminal ? ansi : AnsiSupport.No,
                ColorSystem = mayColour ? colours : ColorSystemSupport.NoColors,
                Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
                // They would switch colours on in a build's log.
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = isTerminal && environment is null },
            }
        );
        if (width is not null || !isTerminal)
            console.Profile.Width = width ?? WidthWithoutTerminal;
        console.Profile.Width = Math.Max(LeastWidth, console.Profile.Width);
        return console;
    }

    /// <summary>Writes text for people: on a terminal wrapped between words, anywhere else as one line.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="text">The text; never taken for markup.</param>
    /// <param name="indent">Columns that stay free on the left of every line.</param>
    /// <param name="style">How it looks where there is colour.</param>
    public static void WriteText(this IAnsiConsole console, string text, int indent = 0, Style? style = null)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(text);
        var width = console.Profile.Width >= WidthWithoutTerminal ? int.MaxValue : console.Profile.Width;
        foreach (var line in TextLines.Wrap(PlainText.Of(text), width - indent))
            console.WriteLine(new StyledLine().Space(indent).Add(line, style));
    }

    /// <summary>Writes a line of pieces, each in its style; never wrapped.</summary>
    internal static void WriteLine(this IAnsiConsole console, StyledLine line)
    {
        if (console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors)
            console.Profile.Out.Writer.WriteLine(line.ToString());
        else
            console.Write(line);
    }

    /// <summary>Writes a line that is never wrapped and never taken for markup.</summary>
    public static void WritePlainLine(this IAnsiConsole console, string line)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.WriteLine(new StyledLine().Add(line));
    }
}
