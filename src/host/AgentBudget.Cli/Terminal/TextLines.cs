namespace AgentBudget.Cli.Terminal;

/// <summary>Breaks text into lines between its words.</summary>
internal static class TextLines
{
    /// <summary>How many columns the longest word takes.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(word => word.Length);

    /// <summary>The lines; a word that is longer than a line stands alone on one.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        if (text.Length <= width)
        {
            yield return text;
            yield break;
        }

        var start = 0;
        while (text.Length - start > width)
        {
            var end = text.LastIndexOf(' ', start + width, width + 1);
            if (end <= start)
                end = text.IndexOf(' ', start + width);
            if (end < 0)
                break;
            yield return text[start..end];
            start = end + 1;
        }

        yield return text[start..];
    }
}
