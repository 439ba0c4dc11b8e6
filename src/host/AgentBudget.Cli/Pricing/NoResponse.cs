using System.Text;

namespace AgentBudget.Cli.Pricing;

/// <summary>What a file is that is no provider's response, told by how it begins.</summary>
internal sealed class NoResponse
{
    private const int MaxBytes = 4096;

    private static readonly string[] EventFields = ["data", "event", "id", "retry", ""];

    private readonly byte[] head = new byte[MaxBytes];
    private int length;

    /// <summary>Takes the next bytes; only the first of all are looked at.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var kept = bytes[..Math.Min(bytes.Length, MaxBytes - length)];
        kept.CopyTo(head.AsSpan(length));
        length += kept.Length;
    }

    /// <summary>What is wrong and the mend, without the file's name in front; null for what can be a response.</summary>
    public string? Describe()
    {
        var bytes = head.AsSpan(0, length);
        if (bytes.StartsWith("\x1F"u8) && bytes.Length > 1 && bytes[1] == 0x8B)
            return "is packed with gzip; unpack it first, such as with gzip -d or curl --compressed.";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || bytes.StartsWith("PK\x03\x04"u8))
            return "is packed (zstd or zip); unpack it first.";
        if (IsUtf16(bytes))
            return "is text in UTF-16; save it in UTF-8, as it was sent.";
        // What begins with a zero is the event stream of AWS.
        if (bytes.StartsWith("\0"u8))
            return null;
        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text switch
        {
            "" => "is empty; save the body of the response in it.",
            ['{' or '[', ..] => IsJson(text) ? null : "begins like JSON and is none; save the body as the provider sent it.",
            ['<', ..] => "is HTML or XML, such as the page of a proxy or of a login, and no response of a model; look into it.",
            _ when text.StartsWith("HTTP/", StringComparison.Ordinal) =>
                "begins with the head of an HTTP response; save the body alone, such as with curl without -i.",
            _ when HasEvents(text) => null,
            _ => "is neither JSON nor server-sent events; save the body of one response, as the provider sent it.",
        };
    }

    // A mark, or an opening brace with a zero on one side.
    private static bool IsUtf16(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 1
        && (
            (bytes[0], bytes[1]) is (0xFF, 0xFE) or (0xFE, 0xFF) or ((byte)'{' or (byte)'[' or (byte)'d' or (byte)'e', 0)
            || (bytes[0] == 0 && bytes[1] is (byte)'{' or (byte)'[')
        );

    // By what follows the bracket: the rest may be cut. Python writes {'model': ...
    private static bool IsJson(string text) =>
        text[1..].TrimStart() switch
        {
            "" => true,
            ['"' or '}', ..] => true,
            ['{' or '[' or ']' or (>= '0' and <= '9'), ..] => text[0] == '[',
            _ => false,
        };

    private bool HasEvents(string text)
    {
        var lines = text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        // The last line of what was looked at is cut.
        return lines
            .SkipLast(length == MaxBytes && lines.Length > 1 ? 1 : 0)
            .All(line => line.Contains(':', StringComparison.Ordinal) && EventFields.Contains(line.Split(':')[0]));
    }
}
