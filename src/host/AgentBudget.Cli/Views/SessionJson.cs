using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>A session as one JSON object on one line. Money is a decimal string; the names are the report's.</summary>
internal static class SessionJson
{
    public static string Write(SessionHead head, DateTimeOffset now) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, head, SessionReport.Of(head, [], now));
            if (head.Options is { } options)
                WriteOptions(writer, options);
        });

    private static void WriteStanding(Utf8JsonWriter writer, SessionHead head, SessionReport report)
    {
        writer.WriteString("session_id", head.SessionId);
        writer.WriteString("state", head.Standing.IsEnded ? "ended" : "active");
        writer.WriteString("breaker", Words.Of(head.Breaker.State));
        writer.WriteString("terminated_by", report.TerminatedBy);
        writer.WriteString("mode", Words.Of(report.Mode));
        writer.WriteMoney("budget", head.Budget);
        writer.WriteMoney("total_spent", report.TotalSpent);
        writer.WriteMoney("remaining", report.Remaining);
        writer.WriteMoney("available", head.Standing.Available);
        writer.WriteMoney("reserved", head.Reserved);
        writer.WriteMoney("overage", head.Standing.Overage);
        writer.WriteString("tenant", report.Tenant?.ToString());
        writer.WriteString("agent", report.Agent);
        writer.WriteString("opened_at", JsonLine.Iso(head.OpenedAt));
        writer.WriteString("last_entry_at", JsonLine.Iso(head.LastEntryAt));
        writer.WriteString("ended_at", head.EndedAt is { } ended ? JsonLine.Iso(ended) : null);
        writer.WriteNumber("children_total", head.ChildrenTotal);
        writer.WriteNumber("sequence", head.Sequence);
    }

    private static void WriteOptions(Utf8JsonWriter writer, BudgetSessionOptions options)
    {
        writer.WriteStartArray("soft_limits");
        foreach (var limit in options.SoftLimits)
            writer.WriteNumberValue(limit);
        writer.WriteEndArray();
        writer.WriteNumber("hard_limit", options.HardLimit);
        writer.WriteNumber("finalization_reserve", options.FinalizationReserve);
        writer.WriteStartObject("loops");
        writer.WriteBoolean("enabled", options.Loops.Enabled);
        writer.WriteNumber("calls", options.Loops.Rule.Calls);
        writer.WriteNumber("window_seconds", (long)options.Loops.Rule.Window.TotalSeconds);
        writer.WriteEndObject();
        writer.WriteNumber("idle_timeout_seconds", (long)options.IdleTimeout.TotalSeconds);
        writer.WriteNumber("carved_children", options.CarvedChildren);
        if (options.TimeToLive is { } timeToLive)
            writer.WriteNumber("time_to_live_seconds", (long)timeToLive.TotalSeconds);
        writer.WriteStartObject("tags");
        foreach (var (name, value) in options.Tags)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }
}
