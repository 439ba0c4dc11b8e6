using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>The JSON of a result: one object on one line, money as decimal strings. The report within has its names, and no numbers for
/// money.</summary>
public static class ReplayResultJson
{
    /// <summary>The result as JSON text, without a line break.</summary>
    public static string Write(ReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonLine.Of(writer => Write(result, writer));
    }

    private static void Write(ReplayResult result, Utf8JsonWriter writer)
    {
        writer.WriteString("file", result.File);
        writer.WriteString("session_id", result.SessionId);
        writer.WriteString("mode", ReplayWords.Of(result.Mode));
        writer.WriteMoney("budget", result.Budget);
        writer.WriteMoney("total_spent", result.TotalSpent);
        writer.WriteMoney("overage", result.Overage);
        writer.WriteMoney("full_cost", result.FullCost);
        writer.WriteMoney("saved", result.Saved);
        writer.WriteNumber("unpriced_calls", result.UnpricedCalls);
        writer.WriteStartArray("unpriced_models");
        foreach (var model in result.UnpricedModels)
            writer.WriteStringValue(model);
        writer.WriteEndArray();
        writer.WriteString("terminated_by", result.TerminatedBy);
        writer.WriteString("stopped_by", result.StoppedBy);
        writer.WriteString("refusal", result.Refusal == RefusalReason.None ? null : Words.Of(result.Refusal));
        writer.WriteCount("stopped_at_event", result.StoppedAtEvent);
        writer.WriteString("stopped_at", result.StoppedAt is { } stopped ? JsonLine.Iso(stopped) : null);
        writer.WriteCount("soft_limit_at_event", result.SoftLimitAtEvent);
        writer.WriteCount("loop_warning_at_event", result.LoopWarningAtEvent);
        writer.WriteNumber("events_total", result.EventsTotal);
        writer.WritePropertyName("report");
        ReportJson.WriteTo(result.Report, writer, isMoneyText: true);
    }
}
