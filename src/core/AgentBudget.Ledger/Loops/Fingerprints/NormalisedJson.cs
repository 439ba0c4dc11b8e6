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
        "timestamp",
        "ts",
        "now",
        "currenttime",
        "nonce",
        "pid",
        "processid",
        "requestid",
        "traceid",
        "spanid",
        "correlationid",
        "idempotencykey",
        "callid",
        "toolcallid",
        "messageid",
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
            Write(document.RootElement, buffer);
            return true;
        }
        catch (JsonException) { }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // A lone surrogate, escaped or as it is: not valid text. Agents do send it, where they cut a string in the middle.
        }

        buffer.ResetWrittenCount();
        buffer.Write(kept);
        return false;
    }

    private static void Write(JsonElement element, ArrayBufferWriter<byte> buffer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, buffer);
                break;
            case JsonValueKind.Array:
                buffer.Write("["u8);
                var isFirst = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!isFirst)
                        buffer.Write(","u8);
                    isFirst = false;
                    Write(item, buffer);
                }

                buffer.Write("]"u8);
                break;
            case JsonValueKind.Number:
                // 1, 1.0 and 1e0 are one number; trailing zeros go. What a decimal cannot hold stays as it is.
                var isPlain = element.TryGetDecimal(out var number);
                Encoding.UTF8.GetBytes(
                    isPlain ? number.ToString("0.############################", CultureInfo.InvariantCulture) : element.GetRawText(),
                    buffer
                );
                break;
            case JsonValueKind.String:
                WriteText(PathText.Normalised(VolatileText.Masked(element.GetString()!, isResult: false)), buffer);
                break;
            default:
                Encoding.UTF8.GetBytes(element.GetRawText(), buffer);
                break;
        }
    }

    private static void WriteObject(JsonElement element, ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("{"u8);
        var isFirst = true;
        foreach (var (name, value) in Sorted(element))
        {
            if (!isFirst)
                buffer.Write(","u8);
            isFirst = false;
            WriteText(name, buffer);
            buffer.Write(":"u8);
            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number && IsVolatile(name))
                buffer.Write("null"u8);
            else
                Write(value, buffer);
        }

        buffer.Write("}"u8);
    }

    // Only what would let two texts be taken for one is escaped: this is hashed, and read by nobody.
    private static void WriteText(string text, ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\""u8);
        var isPlain = text.AsSpan().IndexOfAny('"', '\\') < 0;
        Encoding.UTF8.GetBytes(
            isPlain ? text : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
            buffer
        );
        buffer.Write("\""u8);
    }

    // In the order of their names; those of one name stay in the order in which they came.
    private static (string Name, JsonElement Value)[] Sorted(JsonElement element)
    {
        var properties = new (string Name, JsonElement Value)[element.GetPropertyCount()];
        var (count, isSorted) = (0, true);
        foreach (var property in element.EnumerateObject())
        {
            properties[count] = (property.Name, property.Value);
            isSorted &= count == 0 || string.CompareOrdinal(properties[count - 1].Name, properties[count].Name) <= 0;
            count++;
        }

        return isSorted ? properties : [.. properties.OrderBy(property => property.Name, StringComparer.Ordinal)];
    }

    private static bool IsVolatile(string name)
    {
        if (name.Length > LongestVolatileName || !MayBeVolatile(name))
            return false;
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (character is not ('_' or '-' or ' '))
                plain.Append(char.ToLowerInvariant(character));
        }

        return VolatileNames.Contains(plain.ToString());
    }

    // Most names are told apart by where they begin.
    private static bool MayBeVolatile(string name) =>
        name.Length > 0 && char.ToLowerInvariant(name[0]) is ('t' or 'n' or 'c' or 'p' or 'r' or 's' or 'i' or 'm');
}
