using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>What a person can read without effort.</summary>
internal static class Readable
{
    private const int MaxLinesOfARow = 3;

    /// <summary>Asserts that a screen is one.</summary>
    /// <param name="shown">What is shown.</param>
    /// <param name="wide">The same where there is room for all of it.</param>
    /// <param name="width">The columns of the terminal.</param>
    public static void Assert(string shown, string wide, int width)
    {
        Xunit.Assert.DoesNotContain("\u001b", shown, StringComparison.Ordinal);
        Xunit.Assert.DoesNotContain("…", shown, StringComparison.Ordinal);
        var lines = shown.Split('\n').Select(line => line.TrimEnd()).ToArray();
        var words = wide.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var inLine = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Xunit.Assert.True(line.Length <= width || inLine.Length == 1, $"{line.Length} columns at {width}: {line}");
            if (!IsOfTheScreen(line))
                Xunit.Assert.All(
                    inLine,
                    word =>
                        Xunit.Assert.True(
                            words.Contains(word) || words.Contains(word.TrimEnd(',')),
                            $"\"{word}\" is no word of what a wide screen says: {line}"
                        )
                );
        }

        if (!lines.Any(line => line.StartsWith('─')))
            return;
        AssertRowsAreLow(lines);
        foreach (var note in wide.Split('\n').Where(IsNote))
            Xunit.Assert.InRange(TextLines.Wrap(note.Trim(), width - 2).Count(), 1, MaxLinesOfARow);
    }

    // A row begins at the margin, under a rule, and ends with its notes or the table; what belongs to it is indented more than a note.
    private static void AssertRowsAreLow(string[] lines)
    {
        var height = 0;
        foreach (
            var line in lines
                .SkipWhile(line => !line.StartsWith('─'))
                .Skip(1)
                .TakeWhile(line => line.Length > 0)
                .Where(line => !IsNote(line))
        )
        {
            height = line.StartsWith(' ') ? height + 1 : 1;
            Xunit.Assert.True(height <= MaxLinesOfARow, $"A row is {height} lines high at: {line}");
        }
    }

    private static bool IsNote(string line) =>
        line.StartsWith("  ", StringComparison.Ordinal) && !line.StartsWith("   ", StringComparison.Ordinal);

    // What a narrow screen says of itself, and rules, are its own.
    private static bool IsOfTheScreen(string line) =>
        line.StartsWith('─')
        || line.StartsWith("US dollars", StringComparison.Ordinal)
        || line.StartsWith("Not shown (", StringComparison.Ordinal)
        || line.Contains("--verbose", StringComparison.Ordinal);
}
