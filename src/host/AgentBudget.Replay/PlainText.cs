using System.Globalization;
using System.Text;

namespace AgentBudget;

/// <summary>Text from files, command lines and systems, made fit for a message or a screen.</summary>
public static class PlainText
{
    /// <summary>The text, with a question mark for each character that would write over a terminal, turn the text around it or take no
    /// place in it.</summary>
    /// <param name="text">The text.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.All(character => character is >= ' ' and <= '~'))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            plain.Append(IsPlain(rune) ? rune.ToString() : "?");
        return plain.ToString();
    }

    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
