using System.Buffers;
using System.Text;

namespace AgentBudget.Ledger;

/// <summary>
/// What stays of a result when its numbers are left out: the same call with the same shape again counts up and says nothing else. A
/// number that tells how far something has come, <c>40%</c>, <c>3/17</c>, <c>3 of 17</c>, stays, and so do the digits within a name.
/// </summary>
internal static class ResultShape
{
    private const char Mask = '#';

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    public static string Of(string text)
    {
        var span = text.AsSpan();
        var next = span.IndexOfAny(Digits);
        if (next < 0)
            return text;
        var shape = new StringBuilder(text.Length);
        var copied = 0;
        for (var at = next; at < span.Length; )
        {
            var length = NumberAt(span, at);
            if (!IsPartOfName(span, at, length) && !IsProgress(span, at, length))
            {
                shape.Append(span[copied..at]).Append(Mask);
                copied = at + length;
            }

            at += length;
            var step = at < span.Length ? span[at..].IndexOfAny(Digits) : -1;
            if (step < 0)
                break;
            at += step;
        }

        return copied == 0 ? text : shape.Append(span[copied..]).ToString();
    }

    // 1,234.5 is one number; a point or comma at its end belongs to the sentence.
    private static int NumberAt(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (
            end < text.Length
            && (char.IsAsciiDigit(text[end]) || (text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))
        )
            end++;
        return end - at;
    }

    private static bool IsPartOfName(ReadOnlySpan<char> text, int at, int length) =>
        (at > 0 && IsNamePart(text[at - 1])) || (at + length < text.Length && IsNamePart(text[at + length]));

    private static bool IsNamePart(char character) => char.IsLetter(character) || character == '_';

    private static bool IsProgress(ReadOnlySpan<char> text, int at, int length)
    {
        var after = text[(at + length)..];
        if (after.StartsWith("%") || after.StartsWith(" %") || after.StartsWith(" of ") || after.StartsWith(" out of "))
            return true;
        if (after.Length > 1 && after[0] == '/' && char.IsAsciiDigit(after[1]))
            return true;
        var before = text[..at];
        return before.EndsWith(" of ") || (before.Length > 1 && before[^1] == '/' && char.IsAsciiDigit(before[^2]));
    }
}
