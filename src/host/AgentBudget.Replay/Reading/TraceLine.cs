using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentBudget.Replay.Reading;

/// <summary>One line of a trace as a JSON object, read field by field. Every error names file, line and field.</summary>
internal sealed class TraceLine
{
    // A field given twice could be read either way, and one of them is money.
    private static readonly JsonDocumentOptions ReadOptions = new() { AllowDuplicateProperties = false };

    private readonly string file;
    private readonly int number;
    private readonly JsonElement root;

    private TraceLine(string file, int number, JsonElement root) => (this.file, this.number, this.root) = (file, number, root);

    /// <summary>Reads one line.</summary>
    /// <exception cref="TraceException">The line is not a JSON object, or the reader found something wrong with it.</exception>
    public static T Read<T>(string file, int number, ReadOnlyMemory<byte> line, Func<TraceLine, T> read)
    {
        if (!Utf8.IsValid(line.Span))
            throw new TraceException(file, number, "the text is not UTF-8; save the file as UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(line, ReadOptions);
            var parsed = new TraceLine(file, number, document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(parsed)
                : throw parsed.Wrong("a JSON object is expected, one on each line.");
        }
        catch (JsonException exception)
        {
            var at = exception.BytePositionInLine is { } position
                ? string.Create(CultureInfo.InvariantCulture, $" at byte {position + 1}")
                : "";
            throw new TraceException(file, number, $"not valid JSON{at}: {Reason(exception)}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // Half of a surrogate pair: valid JSON that is no text.
            throw new TraceException(file, number, "a name or a text in it is not valid Unicode.", exception);
        }
    }

    /// <summary>The error for this line.</summary>
    public TraceException Wrong(string problem) => new(file, number, problem);

    /// <summary>A field; null when it is missing or null.</summary>
    public JsonElement? Find(string name) => Find(root, name);

    /// <summary>A field of an object within the line; null when it is missing or null.</summary>
    public static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field that holds text, or null. Empty text, control characters and more characters than allowed are errors.</summary>
    public string? Text(string name, int most)
    {
        if (AnyText(name) is not { } text)
            return null;
        if (string.IsNullOrWhiteSpace(text))
            throw Wrong($"\"{name}\" is empty; leave it out or give a value.");
        if (text.Length > most)
            throw Wrong(FormattableString.Invariant($"\"{name}\" has {text.Length} characters; at most {most} are allowed."));
        return text.Any(char.IsControl) ? throw Wrong($"\"{name}\" holds a control character; take it out.") : text;
    }

    /// <summary>A field that holds any text, or null.</summary>
    public string? AnyText(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw Wrong($"\"{name}\" is {Shown.Value(value.GetRawText())}; text is expected.");
    }

    /// <summary>A whole number that is not negative.</summary>
    public long Count(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0)
            return count;
        throw Wrong($"\"{name}\" is {Shown.Value(value.GetRawText())}; a whole number, zero or more, is expected.");
    }

    // The parser's own sentence, without the position, which counts lines from the wrong place.
    private static string Reason(JsonException exception)
    {
        var message = exception.Message;
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Shown.Name(position < 0 ? message : message[..position]);
    }
}
