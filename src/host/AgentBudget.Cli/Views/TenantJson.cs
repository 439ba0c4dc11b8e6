using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>A tenant as one JSON object on one line. Money is a decimal string.</summary>
internal static class TenantJson
{
    /// <summary>Settings, sums, history.</summary>
    public static string Shown(TenantReport report, IReadOnlyList<Entry> history) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, report);
            WriteSettings(writer, report.Settings);
            WriteSums(writer, report);
            writer.WriteStartArray("history");
            foreach (var entry in history)
                WriteChange(writer, entry);
            writer.WriteEndArray();
        });

    /// <summary>Sums, and on what it was spent.</summary>
    public static string Reported(TenantReport report) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, report);
            WriteSums(writer, report);
            EventParts.WriteSpend(writer, "breakdown", report.Breakdown);
        });

    /// <summary>What was changed, and how it stands now.</summary>
    public static string Set(TenantReport after, TenantSettings before) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, after);
            writer.WriteStartArray("changes");
            foreach (var row in TenantSettingRow.All.Where(row => row.Text(before) != row.Text(after.Settings)))
            {
                writer.WriteStartObject();
                writer.WriteString("setting", row.Json);
                writer.WriteString("before", row.Text(before));
                writer.WriteString("now", row.Text(after.Settings));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            WriteSettings(writer, after.Settings);
            WriteSums(writer, after);
        });

    /// <summary>How it stands after something was done to it.</summary>
    public static string Acted(TenantReport report, SessionAnswer? answer) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, report);
            if (answer is not null)
            {
                writer.WriteBoolean("is_unchanged", answer.IsUnchanged);
                writer.WriteNumber("told", answer.ChildrenTold);
                writer.WriteNumber("not_reached", answer.ChildrenNotReached);
            }

            WriteSums(writer, report);
        });

    private static void WriteStanding(Utf8JsonWriter writer, TenantReport report)
    {
        writer.WriteString("tenant", report.Path.ToString());
        writer.WriteBoolean("is_set", report.Version > 0);
        writer.WriteBoolean("is_paused", report.IsPaused);
        writer.WriteBoolean("is_stopped", report.IsStopped);
        writer.WriteBoolean("is_exhausted", report.IsExhausted);
        writer.WriteNumber("open", report.Open);
        writer.WriteNumber("opened", report.Opened);
        writer.WriteNumber("version", report.Version);
        writer.WriteNumber("sequence", report.Sequence);
    }

    private static void WriteSettings(Utf8JsonWriter writer, TenantSettings settings)
    {
        writer.WriteStartObject("settings");
        TenantSettingRow.Write(writer, settings);
        writer.WriteEndObject();
    }

    private static void WriteSums(Utf8JsonWriter writer, TenantReport report)
    {
        writer.WriteStartArray("windows");
        foreach (var sums in report.Sums)
        {
            writer.WriteStartObject();
            writer.WriteString("window", TenantView.Word(sums.Kind));
            writer.WriteString("began_at", sums.Start is { } start ? JsonLine.Iso(start) : null);
            writer.WriteString("ends_at", sums.End is { } end ? JsonLine.Iso(end) : null);
            writer.WriteMoney("limit_wanted", sums.LimitWanted);
            writer.WriteMoney("limit_in_force", sums.LimitInForce);
            writer.WriteMoney("spent", sums.Spent);
            writer.WriteMoney("outstanding", sums.Outstanding);
            writer.WriteMoney("available", sums.Available);
            writer.WriteMoney("overage", sums.Overage);
            writer.WriteMoney("spent_before", sums.PreviousSpent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteChange(Utf8JsonWriter writer, Entry entry)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence", entry.Sequence);
        writer.WriteString("at", JsonLine.Iso(entry.At));
        writer.WriteString("what", TenantView.What(entry));
        writer.WriteMoney("amount", entry.Amount);
        writer.WriteString("by", entry.By);
        writer.WriteString("reason", entry.Reason);
        writer.WriteEndObject();
    }
}
