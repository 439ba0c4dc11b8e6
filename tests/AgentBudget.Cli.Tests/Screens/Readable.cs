using Spectre.Console;

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
        // What a narrow screen says of itself stands at its end.
        var ownFrom = Array.FindIndex(lines, line => line.StartsWith("Not shown:", StringComparison.Ordinal));
        var words = Words(wide).ToHashSet(StringComparer.Ordinal);
        foreach (var (number, line) in lines.Index())
        {
            var inLine = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Xunit.Assert.True(line.GetCellWidth() <= width || inLine.Length == 1, $"{line.GetCellWidth()} columns at {width}: {line}");
            if ((ownFrom < 0 || number < ownFrom) && !IsRule(line))
                Xunit.Assert.All(
                    Words(line),
                    word => Xunit.Assert.True(words.Contains(word), $"\"{word}\" is no word of what a wide screen says: {line}")
                );
        }

        AssertRowsAreLow(lines);
    }

    // A row begins at the margin, under a rule, and ends with the next or the table; all that belongs to it is indented.
    private static void AssertRowsAreLow(string[] lines)
    {
        var height = 0;
        foreach (var line in lines.SkipWhile(line => !IsRule(line)).Skip(1).TakeWhile(line => line.Length > 0))
        {
            height = line.StartsWith(' ') ? height + 1 : 1;
            Xunit.Assert.True(height <= MaxLinesOfARow, $"A row is {height} lines high at: {line}");
        }
    }

    // Where a row goes on below the table, it says so, and what stands between its parts is elsewhere.
    private static IEnumerable<string> Words(string text) =>
        text.Replace("; more below", "", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.TrimEnd(';', ':'));

    private static bool IsRule(string line) => line.StartsWith('─');
}
