using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>Arguments in one form: keys sorted, no white space, numbers and paths in one form, what is volatile masked.</summary>
internal static class NormalisedJson
{
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 64, AllowDuplicateProperties = true };

    // Names under which a value never says what is asked for. Lower case, without anything between the words.
    private static readonly HashSet<string> VolatileNames = new(StringComparer.Ordinal)
    {
        "timestamp", "ts", "now", "currenttime", "nonce", "pid", "processid", "requestid", "traceid", "spanid", "correlationid",
        "idempotencykey", "callid", "toolcallid", "messageid",
    };

    private static readonly int LongestVolatileName = VolatileNames.Max(name => name.Length) * 2;

    /// <summary>Writes arguments that are JSON; anything else is not touched.</summary>
    public static bool TryWrite(string arguments, ArrayBufferWriter<byte> buffer)
    {
        var before = buffer.WrittenCount;
        var kept = before == 0 ? [] : buffer.WrittenSpan.ToArray();
        try
        {
            using var document = JsonDocument.Parse(arguments, ReadOptions);
            using var writer = new Utf8JsonWriter(buffer);
            Write(document.RootElement, writer);
            writer.Flush();
            return true;
        }
        catch (JsonException)
        {
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // A lone surrogate, escaped or as it is: not valid text. Agents do send it, where they cut a string in the middle.
        }

        buffer.ResetWrittenCount();
        buffer.Write(kept);
        return false;
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                if (AreSorted(element))
                {
                    foreach (var property in element.EnumerateObject()) Write(property, writer);
                }
                else
                {
                    foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal)) Write(property, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when element.TryGetDecimal(out var number):
                // 1, 1.0 and 1e0 are one number; trailing zeros go.
                writer.WriteRawValue(number.ToString("0.############################", CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(PathText.Normalised(VolatileText.Masked(element.GetString()!, isResult: false)));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void Write(JsonProperty property, Utf8JsonWriter writer)
    {
        var name = property.Name;
        writer.WritePropertyName(name);
        if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number && IsVolatile(name)) writer.WriteNullValue();
        else Write(property.Value, writer);
    }

    private static bool AreSorted(JsonElement element)
    {
        string? before = null;
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (before is not null && string.CompareOrdinal(before, name) > 0) return false;
            before = name;
        }

        return true;
    }

    private static bool IsVolatile(string name)
    {
        if (name.Length > LongestVolatileName) return false;
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (character is not ('_' or '-' or ' ')) plain.Append(char.ToLowerInvariant(character));
        }

        return VolatileNames.Contains(plain.ToString());
    }
}
