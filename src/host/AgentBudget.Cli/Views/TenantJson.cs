using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>A tenant as one JSON object on one line. Money is a decimal string.</summary>
internal static class TenantJson
{
    /// <summary>Settings, sums, history.</summary>
    public static string Shown(TenantReport report, IReadOnlyList<TenantChange> history) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, report);
            WriteSettings(writer, report.Settings);
            WriteSums(writer, report);
            writer.WriteStartArray("history");
            foreach (var change in history)
                WriteChange(writer, change);
            writer.WriteEndArray();
        });

    /// <summary>Sums, and on what it was spent.</summary>
    public static string Reported(TenantReport report, TenantSpend spend, bool isDayBefore) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, report);
            WriteSums(writer, report);
            EventParts.WriteSpend(writer, "breakdown", report.Breakdown);
            TenantSpendJson.Write(writer, spend, isDayBefore);
        });

    /// <summary>What was changed, and how it stands now, where that could be seen.</summary>
    public static string Set(TenantPath tenant, TenantSettings before, TenantSettings now, TenantReport? after) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, tenant, after);
            TenantSettingRow.WriteChanges(writer, before, now);
            WriteSettings(writer, after?.Settings ?? now);
            WriteSums(writer, after);
        });

    /// <summary>What was done, and how it stands now, where that could be seen.</summary>
    public static string Acted(TenantPath tenant, TenantReport? after, SessionAnswer answer) =>
        JsonLine.Of(writer =>
        {
            WriteStanding(writer, tenant, after);
            writer.WriteBoolean("is_unchanged", answer.IsUnchanged);
            writer.WriteBoolean("is_replay", answer.IsReplay);
            writer.WriteNumber("told", answer.ChildrenTold);
            writer.WriteNumber("not_reached", answer.ChildrenNotReached);
            WriteSums(writer, after);
        });

    private static void WriteStanding(Utf8JsonWriter writer, TenantPath tenant, TenantReport? report)
    {
        if (report is not null)
            WriteStanding(writer, report);
        else
            writer.WriteString("tenant", tenant.ToString());
    }

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
        TenantSettingRow.WriteAll(writer, settings);
        writer.WriteEndObject();
    }

    private static void WriteSums(Utf8JsonWriter writer, TenantReport? report)
    {
        if (report is null)
            return;
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
            writer.WriteMoney("settled", sums.Settled);
            writer.WriteMoney("outstanding", sums.Outstanding);
            writer.WriteMoney("available", sums.Available);
            writer.WriteMoney("overage", sums.Overage);
            writer.WriteMoney("spent_before", sums.PreviousSpent);
            writer.WriteStartArray("soft_limits_crossed");
            foreach (var fraction in sums.SoftLimitsCrossed)
                writer.WriteNumberValue(fraction);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteChange(Utf8JsonWriter writer, TenantChange change)
    {
        var entry = change.Entry;
        writer.WriteStartObject();
        writer.WriteNumber("sequence", entry.Sequence);
        writer.WriteString("at", JsonLine.Iso(entry.At));
        writer.WriteString("what", TenantView.What(entry));
        writer.WriteMoney("amount", entry.Amount);
        writer.WriteString("by", entry.By);
        writer.WriteString("reason", entry.Reason);
        // What was set before is not known any more where older entries have not been read.
        if (change is { Before: { } before, Now: { } now })
            TenantSettingRow.WriteChanges(writer, before, now);
        writer.WriteEndObject();
    }
}
