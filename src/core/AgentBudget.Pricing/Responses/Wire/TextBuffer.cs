namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>Reads JSON strings that may be cut anywhere. Keeps short ones; of a longer one only the length is known.</summary>
internal sealed class TextBuffer
{
    private const int HexDigits = 4;

    // Longer than every text that is kept, so that one that is cut short is never taken for it.
    private byte[]? kept;
    private int keptLength;
    private bool isEscaped;
    private int hexDigitsLeft;
    private int hex;

    /// <summary>The bytes of the string as it is written.</summary>
    public long Length { get; private set; }

    public void Begin()
    {
        keptLength = 0;
        isEscaped = false;
        hexDigitsLeft = 0;
        Length = 0;
    }

    /// <summary>The bytes of the escape that stands first, with its backslash.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> bytes) => bytes.Length > 1 && bytes[1] == 'u' ? 2 + HexDigits : 2;

    /// <summary>Adds a piece of what is not in quotes.</summary>
    public void Keep(ReadOnlySpan<byte> piece)
    {
        kept ??= new byte[FieldValues.MaxTextLength + 1];
        var fits = piece[..Math.Min(piece.Length, kept.Length - keptLength)];
        fits.CopyTo(kept.AsSpan(keptLength));
        keptLength += fits.Length;
    }

    /// <summary>What was kept, with the last piece; the piece itself where it is all.</summary>
    public ReadOnlySpan<byte> With(ReadOnlySpan<byte> lastPiece)
    {
        if (keptLength == 0)
            return lastPiece;
        Keep(lastPiece);
        return kept.AsSpan(0, keptLength);
    }

    /// <summary>Reads on behind the opening quote.</summary>
    /// <returns>Whether the closing quote was reached; then <paramref name="text"/> is what is kept.</returns>
    public bool ReadOn(ReadOnlySpan<byte> bytes, ref int at, bool isKept, out ReadOnlySpan<byte> text)
    {
        text = default;
        while (at < bytes.Length)
        {
            if (isEscaped || hexDigitsLeft > 0)
            {
                ReadEscape(bytes[at++], isKept);
                continue;
            }

            var rest = bytes[at..];
            var end = rest.IndexOfAny((byte)'"', (byte)'\\');
            var piece = end < 0 ? rest : rest[..end];
            Length += piece.Length;
            at += piece.Length;
            if (end >= 0 && rest[end] == '"')
            {
                at++;
                if (isKept)
                    text = With(piece);
                return true;
            }

            if (isKept)
                Keep(piece);
            if (end < 0)
                return false;
            at++;
            isEscaped = true;
        }

        return false;
    }

    private void ReadEscape(byte next, bool isKept)
    {
        Length++;
        if (hexDigitsLeft > 0)
        {
            hex = (hex << 4) | HexDigit(next);
            if (--hexDigitsLeft == 0 && isKept)
                Keep([hex is > 0 and < 0x80 ? (byte)hex : (byte)'?']);
            return;
        }

        isEscaped = false;
        if (next == 'u')
        {
            hexDigitsLeft = HexDigits;
            hex = 0;
        }
        else if (isKept)
        {
            Keep([next is (byte)'"' or (byte)'\\' or (byte)'/' ? next : (byte)'?']);
        }
    }

    private static int HexDigit(byte digit) => char.IsAsciiDigit((char)digit) ? digit - '0' : ((digit | 0x20) - 'a' + 10) & 0xF;
}
