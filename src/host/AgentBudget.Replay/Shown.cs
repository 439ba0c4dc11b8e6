namespace AgentBudget.Replay;

/// <summary>Text from files and command lines, made fit for a message: no control characters, no more than a line can hold.</summary>
internal static class Shown
{
    private const int MaxValueLength = 60;
    private const int MaxNameLength = 512;

    /// <summary>A file's name.</summary>
    public static string Name(string name) => Cleaned(name, MaxNameLength);

    /// <summary>A value, in quotes.</summary>
    public static string Value(string value) => $"\"{Cleaned(value, MaxValueLength)}\"";

    private static string Cleaned(string text, int most)
    {
        var cut = text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
        return string.Create(
            cut.Length,
            cut,
            static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        );
    }
}
