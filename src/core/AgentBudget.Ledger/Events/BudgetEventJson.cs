using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// The JSON of an event: what all have in common, and its own as <c>data</c>. Money is a decimal string with nine decimals, times are UTC.
/// Its schema stands in docs/events.
/// </summary>
public static class BudgetEventJson
{
    /// <summary>The event as one line of JSON.</summary>
    public static string Write(BudgetEvent of)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, JsonLine.Options))
            WriteTo(of, writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the event as one JSON object.</summary>
    /// <param name="of">The event.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteTo(BudgetEvent of, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(of);
        ArgumentNullException.ThrowIfNull(writer);
        var type = EventTypes.Of(of);
        writer.WriteStartObject();
        writer.WriteString("id", of.Id);
        writer.WriteString("type", type.Name);
        writer.WriteNumber("version", type.Version);
        WriteOrigin(writer, of.Origin);
        writer.WriteNumber("sequence", of.Sequence);
        writer.WriteNumber("part", of.Part);
        writer.WriteNumber("parts", of.Parts);
        writer.WriteNumber("previous", of.Previous);
        writer.WriteString("time", JsonLine.Iso(of.At));
        WriteUnlessNull(writer, "child", of.Child);
        WriteUnlessNull(writer, "idempotency_key", of.Key);
        writer.WriteStartObject("after");
        EventParts.WriteMoney(writer, of.After);
        writer.WriteString("breaker", Words.Of(of.After.Breaker.State));
        writer.WriteBoolean("ended", of.After.IsEnded);
        writer.WriteEndObject();
        writer.WriteStartObject("data");
        foreach (var field in type.Fields)
            field.Write(writer, of);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteOrigin(Utf8JsonWriter writer, EventOrigin origin)
    {
        writer.WriteString("ledger", origin.Ledger);
        writer.WriteString("life", origin.Life.ToString("x", CultureInfo.InvariantCulture));
        WriteUnlessNull(writer, "tenant", origin.Tenant?.ToString());
        WriteUnlessNull(writer, "agent", origin.Agent);
        WriteUnlessNull(writer, "parent", origin.Parent);
        writer.WriteString("mode", Words.Of(origin.Mode));
        if (origin.Tags.Count == 0)
            return;
        writer.WriteStartObject("tags");
        foreach (var (name, value) in origin.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}
