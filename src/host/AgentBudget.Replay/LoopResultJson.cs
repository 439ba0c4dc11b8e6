using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Replay;

/// <summary>The JSON of what was found in a run: one object on one line, money as decimal strings.</summary>
public static class LoopResultJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The result as JSON text, without a line break.</summary>
    public static string Write(LoopResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            Write(result, writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(LoopResult result, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("file", result.File);
        writer.WriteString(
            "verdict",
            result.Verdict switch
            {
                LoopVerdict.Tripped => "tripped",
                LoopVerdict.Warned => "warned",
                _ => "none",
            }
        );
        writer.WriteString("rule", result.Evidence is { } found ? Words.Of(found.Rule) : null);
        WriteNumber(writer, "at_event", result.AtEvent);
        writer.WritePropertyName("evidence");
        if (result.Evidence is { } evidence)
            LoopJson.Write(evidence, writer, result.Events);
        else
            writer.WriteNullValue();
        writer.WriteString("spent_before", result.SpentBefore.ToDecimalString());
        writer.WriteString("full_cost", result.FullCost.ToDecimalString());
        writer.WriteString("budget", result.Budget?.ToDecimalString());
        WriteNumber(writer, "warned_at_event", result.WarnedAtEvent);
        WriteNumber(writer, "exhausted_at_event", result.ExhaustedAtEvent);
        writer.WriteNumber("unpriced_calls", result.UnpricedCalls);
        writer.WriteNumber("events_total", result.EventsTotal);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
