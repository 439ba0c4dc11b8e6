namespace AgentBudget.Replay;

/// <summary>Text from files and command lines, made fit for a message: plain, and no more than a line can hold.</summary>
internal static class Shown
{
    private const int MaxValueLength = 60;
    private const int MaxNameLength = 512;

    /// <summary>A file's name.</summary>
    public static string Name(string name) => Cut(name, MaxNameLength);

    /// <summary>A value, in quotes.</summary>
    public static string Value(string value) => $"\"{Cut(value, MaxValueLength)}\"";

    private static string Cut(string text, int most) => PlainText.Of(text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…"));
}
