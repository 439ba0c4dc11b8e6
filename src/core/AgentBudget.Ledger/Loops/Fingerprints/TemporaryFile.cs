namespace AgentBudget.Ledger;

/// <summary>Finds the random part of the paths of temporary files.</summary>
internal static class TemporaryFile
{
    private static readonly string[] Folders = ["/tmp/", "/var/tmp/", @"\Temp\", "/Temp/", "/T/"];

    /// <summary>The length of a random name in a folder for temporary files.</summary>
    /// <param name="text">Text that starts with a separator.</param>
    /// <param name="skip">Where the name begins.</param>
    public static int Match(ReadOnlySpan<char> text, out int skip)
    {
        skip = 0;
        foreach (var folder in Folders)
        {
            if (!text.StartsWith(folder, StringComparison.OrdinalIgnoreCase))
                continue;
            skip = folder.Length;
            var length = 0;
            while (skip + length < text.Length && IsNamePart(text[skip + length]))
                length++;
            return IsRandom(text.Slice(skip, length)) ? length : 0;
        }

        return 0;
    }

    // What libraries make up: tmpa1b2c3d4, tmp.Xy12Za, a number in hexadecimal. A name that somebody chose is left alone.
    private static bool IsRandom(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("tmp", StringComparison.OrdinalIgnoreCase) && name.Length >= 9)
            return true;
        if (name.Length < 8)
            return false;
        var hasDigit = false;
        foreach (var character in name)
        {
            if (!char.IsAsciiHexDigit(character) && character != '-')
                return false;
            hasDigit |= char.IsAsciiDigit(character);
        }

        return hasDigit;
    }

    private static bool IsNamePart(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.';
}
