using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>Makes consoles that lay out tables on a terminal as well as in a file.</summary>
public static class Consoles
{
    // Wide enough that a row stays a row for whoever greps it; a file has no edge to wrap at.
    private const int WidthWithoutTerminal = 400;

    /// <summary>A console that writes to a writer.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">Whether a person looks at it; otherwise there are no colours and no control sequences.</param>
    /// <param name="mayColour">Whether colours are wanted; see <see cref="IsColourWanted"/>.</param>
    public static IAnsiConsole For(TextWriter writer, bool isTerminal, bool mayColour)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && mayColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            // They would switch colours on in a build's log.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = isTerminal },
        });
        if (!isTerminal) console.Profile.Width = WidthWithoutTerminal;
        return console;
    }

    /// <summary>Whether the environment allows colours: <c>NO_COLOR</c> is not set, or set to nothing.</summary>
    public static bool IsColourWanted => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Writes a line as it is: never wrapped, never taken for markup.</summary>
    public static void WritePlainLine(this IAnsiConsole console, string line)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.Profile.Out.Writer.WriteLine(line);
    }
}
