using System.Buffers;

namespace AgentBudget.Ledger;

/// <summary>
/// What stays of a failure when everything is left out that varies with the arguments: what it quotes, paths, numbers, lines and values
/// of the arguments. Failures of one shape are failures alike.
/// </summary>
internal static class FailureShape
{
    private const char Mask = '#';

    private static readonly Parts[] Ascii = [.. Enumerable.Range(0, 128).Select(code => PartOfAscii((char)code))];

    private static readonly SearchValues<char> Pointers = SearchValues.Create(" ^~-|\t");
    private static readonly SearchValues<char> Gutter = SearchValues.Create(" >0123456789");

    // What stands between two masks of a list.
    private static readonly SearchValues<char> Separators = SearchValues.Create(" ,:;=(|-\n%><");

    private const int MaxQuote = 240;
    private const int ShortestLine = 8;

    public static string Of(string text, string? argumentsJson)
    {
        // A shape is no longer than its text: a mask is one character, and stands for at least one.
        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var shape = new Shape(rented);
            Append(ref shape, text, ArgumentValues.Of(argumentsJson));
            return shape.ToString();
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static void Append(ref Shape shape, string text, ArgumentValues values)
    {
        var isQuoted = false;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            // A line of carets points at something above it.
            if (line.IndexOfAnyExcept(Pointers) < 0)
                continue;
            if (shape.Length > 0)
                shape.Append('\n');
            // Behind a line of the arguments, a short one is of them, too: a closing brace.
            var shortest = isQuoted ? 1 : ShortestLine;
            var said = line[..LabelLength(line)];
            isQuoted = true;
            if (IsOfArguments(line[GutterLength(line)..], shortest, values))
                shape.AppendMask();
            else if (said.Length > 0 && IsOfArguments(line[said.Length..].Trim(), ShortestLine, values))
            {
                Append(ref shape, said, values);
                shape.AppendMask();
            }
            else
            {
                isQuoted = false;
                Append(ref shape, line, values);
            }
        }
    }

    private static bool IsOfArguments(ReadOnlySpan<char> line, int shortest, ArgumentValues values) =>
        line.Length >= shortest && values.Contain(line);

    // "Text: " before a line that is quoted.
    private static int LabelLength(ReadOnlySpan<char> line) => line.IndexOf(": ", StringComparison.Ordinal) + 1;

    // "> 12 | " before it, as compilers have it.
    private static int GutterLength(ReadOnlySpan<char> line)
    {
        var bar = line.IndexOf('|');
        if (bar < 0 || line[..bar].IndexOfAnyExcept(Gutter) >= 0)
            return 0;
        var code = line[(bar + 1)..].IndexOfAnyExcept(' ', '\t');
        return code < 0 ? 0 : bar + 1 + code;
    }

    private static void Append(ref Shape shape, ReadOnlySpan<char> line, ArgumentValues values)
    {
        for (var at = 0; at < line.Length; )
        {
            var character = line[at];
            var masked = QuoteAt(line, at);
            if (masked == 0)
                masked = values.LengthAt(line, at);
            if (masked > 0)
            {
                shape.AppendMask();
                at += masked;
                continue;
            }

            var length = WordAt(line, at, out var found);
            if (length > 0)
            {
                var word = line.Slice(at, length);
                if ((found & Parts.Particular) != 0 || IsNamedInArguments(line, at, length, found, values))
                    shape.AppendMask();
                else
                    shape.Append(word);
                at += length;
                continue;
            }

            if (!char.IsWhiteSpace(character))
                shape.Append(character);
            else
                shape.AppendSpace();
            at++;
        }
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

    private static int WordAt(ReadOnlySpan<char> line, int at, out Parts found)
    {
        found = Parts.None;
        var end = at;
        for (Parts part; end < line.Length && (part = PartOf(line[end])) != Parts.None; end++)
            found |= part;
        if (end > at && line[end - 1] is '.' or '-')
        {
            while (end > at && line[end - 1] is '.' or '-')
                end--;
            found = Parts.None;
            foreach (var character in line[at..end])
                found |= PartOf(character);
        }

        return end - at;
    }

    private static Parts PartOf(char character)
    {
        if (character < 128)
            return Ascii[character];
        return ArgumentValues.IsWordPart(character) ? Parts.Word : Parts.None;
    }

    private static Parts PartOfAscii(char character) =>
        character switch
        {
            // A number, a path, a file's name, a name with a digit in it.
            '/' or '\\' or '.' => Parts.Particular,
            >= '0' and <= '9' => Parts.Particular,
            // A name that was made up for something.
            '_' or '-' or '@' => Parts.Made,
            '~' => Parts.Word,
            _ when char.IsAsciiLetter(character) => Parts.Word,
            _ => Parts.None,
        };

    // Names that were made up for something, and words before or after a colon: "foo: command not found". A plain word has to stand in the
    // arguments as a whole one: "not found" is not about "notes.md". Of two letters programs have names, and English has "no".
    private static bool IsNamedInArguments(ReadOnlySpan<char> line, int at, int length, Parts found, ArgumentValues values)
    {
        if (length < 2 || values.IsEmpty)
            return false;
        var word = line.Slice(at, length);
        var end = at + length;
        var isBeforeColon = end < line.Length && line[end] == ':';
        if (length < ArgumentValues.Shortest)
            return isBeforeColon && values.ContainWord(word);
        if ((found & Parts.Made) != 0 || HasInnerCapital(word))
            return values.Contain(word);
        return (isBeforeColon || (at > 1 && line[at - 2] == ':')) && values.ContainWord(word);
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

    /// <summary>What the characters of a word are.</summary>
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Word = 1,
        Made = 2,
        Particular = 4,
    }

    /// <summary>The shape as it is written.</summary>
    private ref struct Shape(Span<char> buffer)
    {
        private readonly Span<char> buffer = buffer;

        public int Length { get; private set; }

        public void Append(char character) => buffer[Length++] = character;

        public void Append(ReadOnlySpan<char> text)
        {
            text.CopyTo(buffer[Length..]);
            Length += text.Length;
        }

        /// <summary>White space, however much, is one space.</summary>
        public void AppendSpace()
        {
            if (Length > 0 && buffer[Length - 1] != ' ')
                Append(' ');
        }

        /// <summary>Lists of what is masked can be longer and shorter: one mask stands for all of them.</summary>
        public void AppendMask()
        {
            var end = buffer[..Length].LastIndexOfAnyExcept(Separators) + 1;
            if (end > 0 && buffer[end - 1] == Mask)
                Length = end;
            else
                Append(Mask);
        }

        public override readonly string ToString() => buffer[..Length].ToString();
    }
}
