using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>A session as one JSON object on one line. Money is a decimal string; the names are the report's.</summary>
internal static class SessionJson
{
    public static string Write(SessionSummary session) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, session);
            WriteOptions(writer, session.Options);
        });

    /// <summary>What an answer says of a session, where no more could be read.</summary>
    public static string Write(string sessionId, Standing standing) =>
        JsonLine.Of(writer =>
        {
            WriteState(writer, sessionId, standing);
            WriteMoney(writer, standing);
            writer.WriteNumber("sequence", standing.Sequence);
        });

    private static void WriteState(Utf8JsonWriter writer, string sessionId, Standing standing)
    {
        writer.WriteString("session_id", sessionId);
        writer.WriteString("state", standing.IsEnded ? "ended" : "active");
        writer.WriteString("breaker", Words.Of(standing.Breaker.State));
    }

    private static void WriteMoney(Utf8JsonWriter writer, Standing standing)
    {
        writer.WriteMoney("budget", standing.Budget);
        writer.WriteMoney("total_spent", standing.Spent);
        writer.WriteMoney("remaining", Money.Max(Money.Zero, standing.Budget - standing.Spent));
        writer.WriteMoney("available", standing.Available);
        writer.WriteMoney("reserved", standing.Reserved);
        writer.WriteMoney("overage", standing.Overage);
    }

    private static void WriteStanding(Utf8JsonWriter writer, SessionSummary session)
    {
        var standing = session.Standing;
        WriteState(writer, session.SessionId, standing);
        writer.WriteString("terminated_by", session.TerminatedBy);
        writer.WriteString("mode", Words.Of(session.Options.Mode));
        WriteMoney(writer, standing);
        writer.WriteString("tenant", session.Options.Tenant?.ToString());
        writer.WriteString("agent", session.Options.Agent);
        writer.WriteString("opened_at", JsonLine.Iso(session.OpenedAt));
        writer.WriteString("last_entry_at", JsonLine.Iso(session.LastEntryAt));
        writer.WriteString("ended_at", session.EndedAt is { } ended ? JsonLine.Iso(ended) : null);
        writer.WriteNumber("children_total", session.ChildrenTotal);
        writer.WriteNumber("sequence", standing.Sequence);
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
