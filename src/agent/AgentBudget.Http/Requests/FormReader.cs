using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace AgentBudget.Http.Requests;

/// <summary>
/// Reads the body of a call to a model that is a form with files (<c>multipart/form-data</c>): pictures to be edited, sound to be written
/// down. Fields that it does not know are text. Nothing that stands in a body throws.
/// </summary>
internal static class FormReader
{
    /// <summary>The most parts that are read; nobody sends more than some twenty pictures and as many fields.</summary>
    public const int MaxParts = 256;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Reads a body; null where it is no form.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="boundary">What stands between its parts.</param>
    /// <param name="kind">What the call is, of pictures or of sound: so are its files.</param>
    public static RequestBody? TryRead(ReadOnlySpan<byte> bytes, string boundary, ModelApiKind kind)
    {
        var delimiter = Encoding.UTF8.GetBytes($"\r\n--{boundary}");
        // In front of the first stands no end of a line.
        var first = delimiter.AsSpan(LineEnd.Length);
        if (!bytes.StartsWith(first))
            return null;
        var rest = bytes[first.Length..];
        var body = new RequestBody();
        var text = new StringBuilder();
        for (var parts = 0; rest.StartsWith(LineEnd); parts++)
        {
            var end = rest.IndexOf(delimiter);
            if (parts == MaxParts || end < 0 || !TryReadPart(rest[LineEnd.Length..Math.Max(end, LineEnd.Length)], kind, body, text))
                return null;
            rest = rest[(end + delimiter.Length)..];
        }

        if (!rest.StartsWith("--"u8))
            return null;
        var lent = ArrayPool<char>.Shared.Rent(text.Length);
        text.CopyTo(0, lent, text.Length);
        body.TakeText(lent, text.Length);
        return body;
    }

    private static bool TryReadPart(ReadOnlySpan<byte> part, ModelApiKind kind, RequestBody body, StringBuilder text)
    {
        var end = part.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var disposition = DispositionIn(Encoding.UTF8.GetString(part[..end]));
        var content = part[(end + 4)..];
        if (disposition?.Name?.Trim('"') is not { } name)
            return false;
        if ((disposition.FileName ?? disposition.FileNameStar) is not null)
            CountFile(content, kind, body);
        else
            ReadField(name, Encoding.UTF8.GetString(content), body, text);
        return true;
    }

    private static ContentDispositionHeaderValue? DispositionIn(string headers)
    {
        ContentDispositionHeaderValue? disposition = null;
        foreach (var line in headers.Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line[..colon].Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
                disposition = ContentDispositionHeaderValue.TryParse(line[(colon + 1)..].Trim(), out var said) ? said : null;
        }

        return disposition;
    }

    private static void ReadField(string name, string value, RequestBody body, StringBuilder text)
    {
        switch (name)
        {
            case "model":
                body.Model = value;
                break;
            case "n":
                if (long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var answers))
                    body.Answers = Math.Clamp(answers, 1, RequestBody.MaxAnswers);
                break;
            case "stream":
                body.IsStream = bool.TryParse(value, out var isStream) && isStream;
                break;
            default:
                text.Append(' ').Append(value);
                break;
        }
    }

    // What a file is, its call says: SDKs send any as a stream of octets.
    private static void CountFile(ReadOnlySpan<byte> content, ModelApiKind kind, RequestBody body)
    {
        if (kind == ModelApiKind.Pictures)
            body.Pictures++;
        else
            CountSound(content, body);
    }

    private static void CountSound(ReadOnlySpan<byte> content, RequestBody body)
    {
        if (WaveHeader.BytesPerSecondOf(content) is { } rate)
            body.AudioMilliseconds += ((content.Length * 1_000L) + rate - 1) / rate;
        else
            body.AudioBytes += content.Length;
    }
}
