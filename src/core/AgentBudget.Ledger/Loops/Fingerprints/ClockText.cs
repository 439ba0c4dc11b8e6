namespace AgentBudget.Ledger;

/// <summary>Finds times in text. A date alone is none: it most often says which day is meant.</summary>
internal static class ClockText
{
    private static readonly string[] Units =
    [
        "milliseconds",
        "seconds",
        "minutes",
        "second",
        "minute",
        "secs",
        "mins",
        "sec",
        "min",
        "ms",
        "us",
        "µs",
        "ns",
        "s",
    ];

    /// <summary>The length of <c>2026-03-01T12:00:00.123Z</c>, <c>2026-03-01 12:00</c> or <c>12:00:00</c> at the start of the text; 0 when
    /// it is none.</summary>
    public static int MatchTime(ReadOnlySpan<char> text)
    {
        if (
            IsDate(text)
            && text.Length >= 16
            && text[10] is 'T' or 't' or ' '
            && MatchClock(text[11..], needsSeconds: false) is > 0 and var clock
        )
            return 11 + clock + MatchZone(text[(11 + clock)..]);
        return MatchClock(text, needsSeconds: true);
    }

    /// <summary>The length of seconds or milliseconds since 1970, or of a number with a unit of time; 0 when it is none.</summary>
    public static int MatchStampOrDuration(ReadOnlySpan<char> text)
    {
        var digits = VolatileText.DigitsAt(text);
        var length = digits + MatchFraction(text[digits..]);
        // From 2001 to 2286.
        if (digits is 10 or 13 && text[0] is >= '1' and <= '9' && IsEnd(text, length))
            return length;
        var rest = text[length..];
        var space = rest.Length > 0 && rest[0] == ' ' ? 1 : 0;
        if (rest.Length <= space || rest[space] is not ('m' or 's' or 'u' or 'n' or 'µ' or 'M' or 'S' or 'U' or 'N'))
            return 0;
        foreach (var unit in Units)
        {
            if (!rest[space..].StartsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            var end = length + space + unit.Length;
            return IsEnd(text, end) ? end : 0;
        }

        return 0;
    }

    private static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text.Length < 10)
            return false;
        for (var i = 0; i < 10; i++)
        {
            if (i is 4 or 7 ? text[i] is not ('-' or '/') : !char.IsAsciiDigit(text[i]))
                return false;
        }

        return true;
    }

    private static int MatchClock(ReadOnlySpan<char> text, bool needsSeconds)
    {
        var hours = VolatileText.DigitsAt(text);
        if (hours is not (1 or 2) || !IsPair(text, hours))
            return 0;
        var minutes = hours + 3;
        if (!IsPair(text, minutes))
            return needsSeconds || !IsEnd(text, minutes) ? 0 : minutes;
        var seconds = minutes + 3;
        return seconds + MatchFraction(text[seconds..]);
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at) =>
        text.Length >= at + 3 && text[at] == ':' && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]);

    private static int MatchFraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] is not ('.' or ','))
            return 0;
        var digits = VolatileText.DigitsAt(text[1..]);
        return digits == 0 ? 0 : digits + 1;
    }

    private static int MatchZone(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[0] is 'Z' or 'z')
            return 1;
        if (text.Length < 5 || text[0] is not ('+' or '-') || VolatileText.DigitsAt(text[1..3]) != 2)
            return 0;
        var colon = text[3] == ':' ? 1 : 0;
        return text.Length >= 5 + colon && VolatileText.DigitsAt(text.Slice(3 + colon, 2)) == 2 ? 5 + colon : 0;
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int at) => at >= text.Length || !char.IsAsciiLetterOrDigit(text[at]);
}
