using System.Text;
using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>Breaks text into lines between its words, by the columns that they take: some characters take two.</summary>
internal static class TextLines
{
    /// <summary>How many columns the longest word takes.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(word => word.GetCellWidth());

    /// <summary>The lines; a word that is longer than a line stands alone on one.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        var columns = 0;
        foreach (var word in text.Split(' '))
        {
            var taken = word.GetCellWidth();
            if (columns > 0 && (long)columns + 1 + taken > width)
            {
                yield return line.ToString().TrimEnd();
                line.Clear();
                columns = 0;
            }
            else if (line.Length > 0)
            {
                line.Append(' ');
                columns++;
            }

            line.Append(word);
            columns += taken;
        }

        yield return line.ToString();
    }
}
