using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>What a tenant spent in a day, in JSON. Money is a decimal string.</summary>
internal static class TenantSpendJson
{
    /// <summary>Writes it as a part of an object.</summary>
    public static void Write(Utf8JsonWriter writer, TenantSpend spend, bool isDayBefore)
    {
        writer.WriteStartObject("day");
        writer.WriteString("day", isDayBefore ? "yesterday" : "today");
        writer.WriteString("began_at", JsonLine.Iso(spend.Start));
        writer.WriteString("ends_at", JsonLine.Iso(spend.End));
        writer.WriteMoney("spent", spend.Spent);
        writer.WriteStartArray("lists");
        foreach (var list in spend.Lists)
            Write(writer, list);
        writer.WriteEndArray();
        WriteRuns(writer, "runs", spend.Runs);
        writer.WriteStartArray("runs_by_agent");
        foreach (var runs in spend.RunsByAgent)
            WriteRuns(writer, null, runs);
        writer.WriteEndArray();
        writer.WriteEndObject();
        Write(writer, "last_hour", spend.LastHour);
        Write(writer, "last_day", spend.LastDay);
    }

    private static void Write(Utf8JsonWriter writer, SpendList list)
    {
        writer.WriteStartObject();
        writer.WriteString("by", Words.Of(list.By));
        writer.WriteString("tag", list.Tag);
        writer.WriteStartArray("names");
        foreach (var line in list.Names)
        {
            writer.WriteStartObject();
            writer.WriteString("name", line.Name);
            writer.WriteMoney("spent", line.Spent);
            writer.WriteNumber("calls", line.Calls);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRuns(Utf8JsonWriter writer, string? name, RunCosts runs)
    {
        if (name is null)
            writer.WriteStartObject();
        else
            writer.WriteStartObject(name);
        if (name is null)
            writer.WriteString("agent", runs.Agent);
        writer.WriteNumber("runs", runs.Runs);
        writer.WriteMoney("cost", runs.Cost);
        writer.WriteMoney("average", runs.Average);
        writer.WriteMoney("median", runs.Median);
        writer.WriteMoney("percentile_90", runs.Percentile90);
        writer.WriteMoney("percentile_99", runs.Percentile99);
        writer.WriteNumber("stopped", runs.Stopped);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, BurnRate rate)
    {
        writer.WriteStartObject(name);
        writer.WriteString("since", JsonLine.Iso(rate.Since));
        writer.WriteMoney("spent", rate.Spent);
        writer.WriteMoney("per_hour", rate.PerHour);
        writer.WriteStartObject("time_left");
        foreach (var kind in Enum.GetValues<WindowKind>())
            writer.WriteCount($"{TenantView.Word(kind)}_seconds", (long?)rate.TimeLeft[(int)kind]?.TotalSeconds);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
