using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Replay;

/// <summary>The JSON of a result: one object on one line, money as decimal strings. The report within has its names, and no numbers for
/// money.</summary>
public static class ReplayResultJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The result as JSON text, without a line break.</summary>
    public static string Write(ReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            Write(result, writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(ReplayResult result, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("file", result.File);
        writer.WriteString("session_id", result.SessionId);
        writer.WriteString("mode", result.Mode == ReplayMode.Charge ? "charge" : "reserve");
        writer.WriteString("budget", result.Budget.ToDecimalString());
        writer.WriteString("total_spent", result.TotalSpent.ToDecimalString());
        writer.WriteString("overage", result.Overage.ToDecimalString());
        writer.WriteString("full_cost", result.FullCost.ToDecimalString());
        writer.WriteString("saved", result.Saved.ToDecimalString());
        writer.WriteNumber("unpriced_calls", result.UnpricedCalls);
        writer.WriteStartArray("unpriced_models");
        foreach (var model in result.UnpricedModels)
            writer.WriteStringValue(model);
        writer.WriteEndArray();
        writer.WriteString("terminated_by", result.TerminatedBy);
        writer.WriteString("stopped_by", result.StoppedBy);
        writer.WriteString("refusal", result.Refusal == RefusalReason.None ? null : Words.Of(result.Refusal));
        WriteNumber(writer, "stopped_at_event", result.StoppedAtEvent);
        writer.WriteString(
            "stopped_at",
            result.StoppedAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        );
        WriteNumber(writer, "soft_limit_at_event", result.SoftLimitAtEvent);
        WriteNumber(writer, "loop_warning_at_event", result.LoopWarningAtEvent);
        writer.WriteNumber("events_total", result.EventsTotal);
        writer.WritePropertyName("report");
        ReportJson.WriteTo(result.Report, writer, isMoneyText: true);
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
