using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>JSON as reports, results and the tool write it: one object on one line, and what is not ASCII stays readable.</summary>
internal static class JsonLine
{
    /// <summary>How it is written.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object as text, without a line break.</summary>
    /// <param name="writeProperties">Writes what is in it.</param>
    public static string Of(Action<Utf8JsonWriter> writeProperties)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writeProperties(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A time: UTC, ISO 8601, milliseconds.</summary>
    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A count, or null.</summary>
    public static void WriteCount(this Utf8JsonWriter writer, string name, long? count)
    {
        if (count is { } some)
            writer.WriteNumber(name, some);
        else
            writer.WriteNull(name);
    }

    /// <summary>Money as a decimal string, or null.</summary>
    public static void WriteMoney(this Utf8JsonWriter writer, string name, Money? money) =>
        writer.WriteString(name, money?.ToDecimalString());
}
