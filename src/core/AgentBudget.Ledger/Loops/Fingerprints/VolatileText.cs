using System.Buffers;
using System.Text;

namespace AgentBudget.Ledger;

/// <summary>
/// Masks what differs from call to call without saying anything. In arguments little: times of day, process ids and temporary files; an
/// id there most often says which thing is meant. In results also durations, addresses and random ids.
/// </summary>
internal static class VolatileText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private static readonly SearchValues<string> Labels = SearchValues.Create(
        ["tmp", "temp", "/T/", "pid", "process "],
        StringComparison.OrdinalIgnoreCase
    );

    private static readonly Places[] Ascii = [.. Enumerable.Range(0, 128).Select(code => PlaceOfAscii((char)code))];

    private static readonly string[] AttemptLabels = ["attempt", "retry", "try", "tick", "poll"];

    /// <summary>The text with what is volatile masked; the same text when there is nothing.</summary>
    public static string Masked(string text, bool isResult)
    {
        var wanted = WantedIn(text, isResult);
        if (wanted == Volatile.None)
            return text;
        var starts = Places.Start | ((wanted & Volatile.InResults) != 0 ? Places.StartInResults : Places.None);
        StringBuilder? masked = null;
        var copied = 0;
        var isWithinWord = false;
        for (var i = 0; i < text.Length; i++)
        {
            // Only whole words are looked at: the digits within a name are part of the name.
            var place = PlaceOf(text[i]);
            var isStart = (place & starts) != 0 && !(isWithinWord && (place & Places.Word) != 0);
            isWithinWord = (place & Places.Word) != 0;
            if (!isStart || Find(text.AsSpan(i), wanted, out var skip) is not { } found)
                continue;
            (masked ??= new StringBuilder(text.Length)).Append(text, copied, i + skip - copied).Append(found.Mask);
            i += skip + found.Length - 1;
            copied = i + 1;
            isWithinWord = (PlaceOf(text[i]) & Places.Word) != 0;
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
    }

    // A few sweeps over the text tell that most of it is not worth a closer look.
    private static Volatile WantedIn(string text, bool isResult)
    {
        var wanted = Volatile.None;
        var span = text.AsSpan();
        // Which of them it is does not matter: the closer look tells.
        if (span.IndexOfAny(Labels) >= 0)
            wanted |= Volatile.Temporary | Volatile.Process;
        if (span.IndexOfAny(Digits) < 0)
            return wanted;
        if (HasClock(span))
            wanted |= Volatile.Time;
        return isResult ? wanted | Volatile.InResults : wanted;
    }

    private static bool HasClock(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf(':'); at >= 0; )
        {
            if (at > 0 && at + 1 < text.Length && char.IsAsciiDigit(text[at - 1]) && char.IsAsciiDigit(text[at + 1]))
                return true;
            var next = text[(at + 1)..].IndexOf(':');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static Places PlaceOf(char character) => character < 128 ? Ascii[character] : Places.None;

    // What can begin something volatile, for Find to look at; everything else is passed by.
    private static Places PlaceOfAscii(char character) =>
        character switch
        {
            '/' or '\\' => Places.Start,
            '_' or '.' => Places.Word,
            'p' or 'P' => Places.Word | Places.Start,
            >= 'a' and <= 'f' or >= 'A' and <= 'F' or 't' or 'T' or 'r' or 'R' => Places.Word | Places.StartInResults,
            _ when char.IsAsciiDigit(character) => Places.Word | Places.Start,
            _ when char.IsAsciiLetter(character) => Places.Word,
            _ => Places.None,
        };

    private static (string Mask, int Length)? Find(ReadOnlySpan<char> text, Volatile wanted, out int skip)
    {
        skip = 0;
        var first = text[0];
        if (first is '/' or '\\')
            return (wanted & Volatile.Temporary) != 0 ? Mask("<temp>", TemporaryFile.Match(text, out skip)) : null;
        var isResult = (wanted & Volatile.InResults) != 0;
        if (char.IsAsciiDigit(first))
        {
            if ((wanted & Volatile.Time) != 0 && Mask("<time>", ClockText.MatchTime(text)) is { } time)
                return time;
            if (isResult && Mask("<time>", ClockText.MatchStampOrDuration(text)) is { } stamp)
                return stamp;
            if (isResult && Mask("<address>", MatchAddress(text)) is { } address)
                return address;
        }

        if (first is 'p' or 'P' && (wanted & Volatile.Process) != 0 && Mask("<pid>", MatchProcess(text, out skip)) is { } pid)
            return pid;
        skip = 0;
        if (!isResult)
            return null;
        if (first is 'a' or 'A' or 't' or 'T' or 'r' or 'R' or 'p' or 'P' && Mask("<count>", MatchAttempt(text, out skip)) is { } attempt)
            return attempt;
        skip = 0;
        if (char.IsAsciiHexDigit(first) && Mask("<id>", MatchUuid(text)) is { } uuid)
            return uuid;
        return first is 'r' or 'R' or 't' or 'T' or 'c' or 'C' ? Mask("<id>", MatchLabelledId(text, out skip)) : null;
    }

    private static (string Mask, int Length)? Mask(string mask, int length) => length == 0 ? null : (mask, length);

    private static int MatchAddress(ReadOnlySpan<char> text)
    {
        if (text.Length < 8 || text[0] != '0' || text[1] != 'x')
            return 0;
        var length = 2;
        while (length < text.Length && char.IsAsciiHexDigit(text[length]))
            length++;
        return length >= 8 ? length : 0;
    }

    // "pid 4412", "PID=4412", "process 4412".
    private static int MatchProcess(ReadOnlySpan<char> text, out int skip)
    {
        skip =
            text.StartsWith("process ", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("pid", StringComparison.OrdinalIgnoreCase) ? 3
            : 0;
        if (skip == 0)
            return 0;
        var label = skip;
        while (skip < text.Length && skip < label + 3 && text[skip] is ' ' or '=' or ':' or '#' or '"')
            skip++;
        if (label == 3 && skip == 3)
            return 0;
        return DigitsAt(text[skip..]);
    }

    private static int MatchUuid(ReadOnlySpan<char> text)
    {
        if (text.Length < 36 || text[8] != '-')
            return 0;
        for (var i = 0; i < 36; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
                return 0;
        }

        return text.Length > 36 && char.IsAsciiLetterOrDigit(text[36]) ? 0 : 36;
    }

    // "request id: req_01H…", "trace-id=4bf92f…".
    private static int MatchLabelledId(ReadOnlySpan<char> text, out int skip)
    {
        skip =
            text.StartsWith("request", StringComparison.OrdinalIgnoreCase) ? 7
            : text.StartsWith("trace", StringComparison.OrdinalIgnoreCase) ? 5
            : text.StartsWith("correlation", StringComparison.OrdinalIgnoreCase) ? 11
            : 0;
        if (skip == 0)
            return 0;
        if (skip < text.Length && text[skip] is ' ' or '_' or '-')
            skip++;
        if (!text[skip..].StartsWith("id", StringComparison.OrdinalIgnoreCase))
            return 0;
        skip += 2;
        var label = skip;
        while (skip < text.Length && skip < label + 4 && text[skip] is ' ' or '=' or ':' or '"' or '\'')
            skip++;
        var length = 0;
        var hasDigit = false;
        for (
            ;
            skip + length < text.Length && (char.IsAsciiLetterOrDigit(text[skip + length]) || text[skip + length] is '_' or '-');
            length++
        )
            hasDigit |= char.IsAsciiDigit(text[skip + length]);
        return hasDigit && length >= 6 && skip > label ? length : 0;
    }

    // "attempt 3", "retry #4", "tick=17": how often something was tried says nothing of what came of it.
    private static int MatchAttempt(ReadOnlySpan<char> text, out int skip)
    {
        skip = 0;
        foreach (var label in AttemptLabels)
        {
            if (!text.StartsWith(label, StringComparison.OrdinalIgnoreCase))
                continue;
            skip = label.Length;
            while (skip < text.Length && skip < label.Length + 3 && text[skip] is ' ' or '=' or ':' or '#')
                skip++;
            return skip == label.Length ? 0 : DigitsAt(text[skip..]);
        }

        return 0;
    }

    internal static int DigitsAt(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(Digits);
        return length < 0 ? text.Length : length;
    }

    [Flags]
    private enum Places : byte
    {
        None = 0,
        Word = 1,
        Start = 2,
        StartInResults = 4,
    }

    [Flags]
    private enum Volatile
    {
        None = 0,
        Temporary = 1,
        Time = 2,
        Process = 4,
        InResults = 8,
    }
}
