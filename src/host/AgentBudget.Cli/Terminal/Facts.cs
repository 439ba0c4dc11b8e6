using System.Globalization;
using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>Facts below one another: a name, and what is to be said behind it.</summary>
internal sealed class Facts(IAnsiConsole console)
{
    private const int NameWidth = 20;

    /// <summary>Writes one; nothing where there is nothing to say.</summary>
    public void Write(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Write(name, new Cell(value));
    }

    /// <summary>Writes one in its colour.</summary>
    public void Write(string name, Cell value)
    {
        var line = new StyledLine().Add(name.PadRight(NameWidth), Looks.Header);
        if (TextLines.LongestWord(value.Text) > console.Profile.Width - NameWidth)
        {
            console.WriteLine(line);
            console.WriteText(value.Text, indent: 2, value.Style);
            return;
        }

        foreach (var part in TextLines.Wrap(value.Text, console.Profile.Width - NameWidth))
        {
            console.WriteLine(line.Add(part, value.Style));
            line = new StyledLine().Space(NameWidth);
        }
    }

    /// <summary>A count.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A time.</summary>
    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Fractions.</summary>
    public static string List(IEnumerable<decimal> fractions) =>
        string.Join(", ", fractions.Select(fraction => fraction.ToString(CultureInfo.InvariantCulture)));
}
