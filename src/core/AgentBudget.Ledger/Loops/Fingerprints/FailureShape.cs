using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>
/// What stays of a failure when everything is left out that varies with the arguments: what it quotes, paths, numbers, lines and values
/// of the arguments. Failures of one shape are failures alike.
/// </summary>
internal static class FailureShape
{
    private const char Mask = '#';

    private static readonly SearchValues<char> Pointers = SearchValues.Create(" ^~-|\t");

    private const int MaxQuote = 240;
    private const int MaxValues = 32;
    private const int ShortestValue = 3;
    private const int ShortestLine = 8;

    public static string Of(string text, string? argumentsJson)
    {
        var values = ValuesOf(argumentsJson);
        var shape = new StringBuilder(text.Length);
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            // A line of carets points at something above it.
            if (line.IndexOfAnyExcept(Pointers) < 0)
                continue;
            if (shape.Length > 0)
                shape.Append('\n');
            if (line.Length >= ShortestLine && IsWithin(line, values))
                AppendMask(shape);
            else
                Append(shape, line, values);
        }

        return shape.ToString();
    }

    private static void Append(StringBuilder shape, ReadOnlySpan<char> line, List<string> values)
    {
        for (var at = 0; at < line.Length; )
        {
            var character = line[at];
            var masked = QuoteAt(line, at);
            if (masked == 0)
                masked = ValueAt(line, at, values);
            if (masked > 0)
            {
                AppendMask(shape);
                at += masked;
                continue;
            }

            var length = WordAt(line, at);
            if (length > 0)
            {
                var word = line.Slice(at, length);
                if (IsParticular(word) || IsNamedInArguments(line, at, length, values))
                    AppendMask(shape);
                else
                    shape.Append(word);
                at += length;
                continue;
            }

            var isSpace = char.IsWhiteSpace(character);
            if (!isSpace)
                shape.Append(character);
            else if (shape.Length > 0 && shape[^1] != ' ')
                shape.Append(' ');
            at++;
        }
    }

    // Lists of what is masked can be longer and shorter: one mask stands for all of them.
    private static void AppendMask(StringBuilder shape)
    {
        var end = shape.Length;
        while (end > 0 && shape[end - 1] is ' ' or ',' or ':' or ';' or '=' or '(' or '|' or '-' or '\n' or '%' or '>' or '<')
            end--;
        if (end > 0 && shape[end - 1] == Mask)
            shape.Length = end;
        else
            shape.Append(Mask);
    }

    private static int QuoteAt(ReadOnlySpan<char> line, int at)
    {
        var quote = line[at];
        if (quote is not ('\'' or '"' or '`' or '“' or '‘'))
            return 0;
        // Within a word it is an apostrophe.
        if (at > 0 && char.IsLetterOrDigit(line[at - 1]))
            return 0;
        var close = quote switch
        {
            '“' => '”',
            '‘' => '’',
            _ => quote,
        };
        var rest = line[(at + 1)..];
        if (rest.Length > MaxQuote)
            rest = rest[..MaxQuote];
        for (var from = 0; rest[from..].IndexOf(close) is >= 0 and var found; from += found + 1)
        {
            var end = from + found;
            if (end + 1 >= rest.Length || !char.IsLetterOrDigit(rest[end + 1]))
                return end + 2;
        }

        return 0;
    }

    private static int ValueAt(ReadOnlySpan<char> line, int at, List<string> values)
    {
        if (at > 0 && IsWordPart(line[at - 1]))
            return 0;
        var longest = 0;
        foreach (var value in values)
        {
            if (value.Length <= longest || !line[at..].StartsWith(value))
                continue;
            var end = at + value.Length;
            if (end == line.Length || !IsWordPart(line[end]) || !IsWordPart(value[^1]))
                longest = value.Length;
        }

        return longest;
    }

    private static int WordAt(ReadOnlySpan<char> line, int at)
    {
        var end = at;
        while (end < line.Length && (IsWordPart(line[end]) || line[end] is '-' or '.' or '/' or '\\' or '~' or '@'))
            end++;
        while (end > at && line[end - 1] is '.' or '-')
            end--;
        return end - at;
    }

    // A number, a path, a file's name, a name with a digit in it.
    private static bool IsParticular(ReadOnlySpan<char> word) => word.ContainsAny('/', '\\', '.') || word.ContainsAnyInRange('0', '9');

    // Names that were made up for something, and words before or after a colon: "foo: command not found".
    private static bool IsNamedInArguments(ReadOnlySpan<char> line, int at, int length, List<string> values)
    {
        if (length < ShortestValue || values.Count == 0)
            return false;
        var word = line.Slice(at, length);
        var end = at + length;
        var isMade = word.ContainsAny('_', '-', '@') || HasInnerCapital(word);
        var isByColon = (end < line.Length && line[end] == ':') || (at > 1 && line[at - 2] == ':');
        return (isMade || isByColon) && IsWithin(word, values);
    }

    private static bool HasInnerCapital(ReadOnlySpan<char> word)
    {
        for (var i = 1; i < word.Length; i++)
        {
            if (char.IsUpper(word[i]) && char.IsLower(word[i - 1]))
                return true;
        }

        return false;
    }

    private static bool IsWithin(ReadOnlySpan<char> part, List<string> values)
    {
        foreach (var value in values)
        {
            if (value.AsSpan().Contains(part, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool IsWordPart(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static List<string> ValuesOf(string? argumentsJson)
    {
        List<string> values = [];
        if (string.IsNullOrEmpty(argumentsJson) || argumentsJson.Length > Bounds.ArgumentsLength)
            return values;
        try
        {
            using var document = JsonDocument.Parse(argumentsJson);
            Collect(document.RootElement, values);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            values.Clear();
            values.Add(argumentsJson);
        }

        return values;
    }

    private static void Collect(JsonElement element, List<string> values)
    {
        if (values.Count == MaxValues)
            return;
        switch (element.ValueKind)
        {
            case JsonValueKind.String when element.GetString()!.Trim() is { Length: >= ShortestValue } text:
                values.Add(text);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    Collect(property.Value, values);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Collect(item, values);
                break;
        }
    }
}
