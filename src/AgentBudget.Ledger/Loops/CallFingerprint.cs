using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>
/// Gives calls that are the same the same number: name and arguments, with the arguments normalised first (JSON keys sorted,
/// white space dropped, numbers in one form). The first 64 bits of a SHA-256; never zero.
/// </summary>
public static class CallFingerprint
{
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 64, AllowDuplicateProperties = true };

    /// <summary>The fingerprint of a call.</summary>
    /// <param name="name">The tool's or model's name.</param>
    /// <param name="arguments">JSON text is normalised; any other text, or one above 64 Ki characters, is taken as it is, trimmed.</param>
    public static ulong Of(string name, string arguments)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, name);
        if (Normalise(arguments) is { } normalised) hash.AppendData(normalised.WrittenSpan);
        else Append(hash, arguments.Trim());
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        var value = BinaryPrimitives.ReadUInt64BigEndian(digest);
        return value == 0 ? 1 : value;
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    private static ArrayBufferWriter<byte>? Normalise(string arguments)
    {
        if (arguments.Length > Bounds.ArgumentsLength) return null;
        try
        {
            using var document = JsonDocument.Parse(arguments, ReadOptions);
            var buffer = new ArrayBufferWriter<byte>(Math.Max(256, arguments.Length));
            using var writer = new Utf8JsonWriter(buffer);
            Write(document.RootElement, writer);
            writer.Flush();
            return buffer;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // A lone surrogate, escaped or as it is: not valid text. Agents do send it, where they cut a string in the middle.
            return null;
        }
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
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
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
