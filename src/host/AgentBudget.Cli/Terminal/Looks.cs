using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>What has which colour, where a terminal has colours.</summary>
internal static class Looks
{
    public static readonly Style Header = new(decoration: Decoration.Bold);
    public static readonly Style Quiet = new(decoration: Decoration.Dim);
    public static readonly Style Bad = new(Color.Red);
    public static readonly Style Doubtful = new(Color.Yellow);
    public static readonly Style Good = new(Color.Green);

    /// <summary>The look of a word that says how something stands, such as a verdict or why a session ended; null for a plain
    /// one.</summary>
    public static Style? Of(string word)
    {
        if (Has(word, "exhausted") || Has(word, "tripped") || Has(word, "loop_detected") || Has(word, "too_large"))
            return Bad;
        if (Has(word, "warned") || Has(word, "paused") || Has(word, "stopped") || Has(word, "expired"))
            return Doubtful;
        if (word == "active")
            return Good;
        return default(Style?);
    }

    private static bool Has(string word, string part) => word.Contains(part, StringComparison.Ordinal);
}
