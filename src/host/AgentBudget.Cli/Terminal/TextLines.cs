using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>Breaks text into lines between its words.</summary>
internal static class TextLines
{
    /// <summary>How many columns a text takes; characters of East Asia take two each.</summary>
    public static int Columns(string text) => System.Text.Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>How many columns the longest word takes.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(Columns);

    /// <summary>The lines; a word that is longer than a line stands alone on one.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        if (Columns(text) <= width)
        {
            yield return text;
            yield break;
        }

        var line = new System.Text.StringBuilder();
        var (columns, isFirst) = (0, true);
        foreach (var word in text.Split(' '))
        {
            if (!isFirst && columns + 1 + Columns(word) > width)
            {
                yield return line.ToString();
                line.Clear();
                (columns, isFirst) = (0, true);
            }

            if (!isFirst)
                line.Append(' ');
            line.Append(word);
            columns += Columns(word) + (isFirst ? 0 : 1);
            isFirst = false;
        }

        yield return line.ToString();
    }
}
