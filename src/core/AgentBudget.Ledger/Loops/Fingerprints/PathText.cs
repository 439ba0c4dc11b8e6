using System.Buffers;

namespace AgentBudget.Ledger;

/// <summary>Paths that lead to the same place, in one form: <c>./a//b/../c/</c> is <c>a/c</c>.</summary>
internal static class PathText
{
    // A path may hold some of these, but text that does is more often a command or a pattern.
    private static readonly SearchValues<char> NoPath = SearchValues.Create(" \t\r\n\"'*?|<>;&$(");

    /// <summary>The text; where it is nothing but a path, in one form.</summary>
    public static string Normalised(string text)
    {
        if (!text.Contains('/') && !text.Contains('\\'))
            return text;
        if (text.Length > 4096 || text.Contains("://", StringComparison.Ordinal) || text.AsSpan().IndexOfAny(NoPath) >= 0)
            return text;
        var isWindows =
            text.StartsWith(@".\", StringComparison.Ordinal)
            || text.StartsWith(@"\\", StringComparison.Ordinal)
            || (text.Length > 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] is '\\');
        var path = isWindows ? text.Replace('\\', '/') : text;
        return NeedsWork(path) ? Joined(path) : path;
    }

    private static bool NeedsWork(string path) =>
        path.StartsWith("./", StringComparison.Ordinal)
        || path.Contains("//", StringComparison.Ordinal)
        || path.Contains("/.", StringComparison.Ordinal)
        || (path.Length > 1 && path.EndsWith('/'));

    private static string Joined(string path)
    {
        var kept = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part == ".." && kept.Count > 0 && kept[^1] != "..")
                kept.RemoveAt(kept.Count - 1);
            else
                kept.Add(part);
        }

        var joined = string.Join('/', kept);
        if (path.StartsWith('/'))
            return "/" + joined;
        return joined.Length == 0 ? "." : joined;
    }
}
