using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// The JSON of a report. Its names are those of the AgentBudget SDK, this project's ancestor, so that consumers of its reports keep
/// working; here alone money is a JSON number, in plain decimal notation with all its digits. Within another object, whose money is text,
/// the report's is text as well.
/// </summary>
public static class ReportJson
{
    /// <summary>The report as JSON text.</summary>
    /// <param name="report">The report.</param>
    /// <param name="indented">Whether to lay it out for people. Default: one line.</param>
    public static string Write(SessionReport report, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, JsonLine.Options with { Indented = indented }))
            WriteTo(report, writer, isMoneyText: false);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the report as one JSON object.</summary>
    /// <param name="report">The report.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="isMoneyText">Whether money is a decimal string with nine decimals. Default: a number, as the ancestor writes
    /// it.</param>
    public static void WriteTo(SessionReport report, Utf8JsonWriter writer, bool isMoneyText = false)
    {
        writer.WriteStartObject();
        writer.WriteString("session_id", report.SessionId);
        if (report.Child is not null)
            writer.WriteString("child", report.Child);
        WriteMoney(writer, "budget", report.Standing.Budget, isMoneyText);
        WriteMoney(writer, "total_spent", report.TotalSpent, isMoneyText);
        WriteMoney(writer, "remaining", report.Remaining, isMoneyText);
        WriteBreakdown(writer, "breakdown", report.Breakdown, isMoneyText);
        writer.WriteNumber("duration_seconds", decimal.Round((decimal)report.Duration.Ticks / TimeSpan.TicksPerSecond, 3));
        WriteStringOrNull(writer, "terminated_by", report.TerminatedBy);
        WriteMoney(writer, "available", report.Standing.Available, isMoneyText);
        WriteMoney(writer, "reserved", report.Reserved, isMoneyText);
        WriteMoney(writer, "overage", report.Standing.Overage, isMoneyText);
        writer.WriteString("mode", Words.Of(report.Mode));
        writer.WriteString("breaker", Words.Of(report.Standing.Breaker.State));
        WriteStringOrNull(writer, "tenant", report.Tenant?.ToString());
        WriteStringOrNull(writer, "agent", report.Agent);
        writer.WriteStartObject("tags");
        foreach (var (name, value) in report.Tags)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        WriteChildren(writer, report, isMoneyText);
        writer.WriteNumber("sequence", report.Standing.Sequence);
        WriteStringOrNull(writer, "price_table_version", report.PriceTableVersion);
        writer.WriteString("opened_at", JsonLine.Iso(report.OpenedAt));
        WriteStringOrNull(writer, "ended_at", report.EndedAt is { } ended ? JsonLine.Iso(ended) : null);
        writer.WriteStartArray("events");
        foreach (var entry in report.Events)
            EntryJson.Write(entry, writer, isMoneyText);
        writer.WriteEndArray();
        writer.WriteNumber("events_total", report.EventsTotal);
        writer.WriteEndObject();
    }

    internal static void WriteMoney(Utf8JsonWriter writer, string name, Money amount, bool isText)
    {
        if (isText)
        {
            writer.WriteString(name, amount.ToDecimalString());
            return;
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(amount.Dollars.ToString("0.0########", CultureInfo.InvariantCulture));
    }

    private static void WriteBreakdown(Utf8JsonWriter writer, string name, Breakdown breakdown, bool isMoneyText)
    {
        writer.WriteStartObject(name);
        WriteKind(writer, breakdown, CallKind.Model, "llm", "by_model", isMoneyText);
        WriteKind(writer, breakdown, CallKind.Tool, "tools", "by_tool", isMoneyText);
        writer.WriteStartObject("by_cost_source");
        foreach (var source in Enum.GetValues<CostSource>())
            WriteMoney(writer, Words.Of(source), breakdown.KnownFrom(source), isMoneyText);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteKind(Utf8JsonWriter writer, Breakdown breakdown, CallKind kind, string name, string byName, bool isMoneyText)
    {
        var (total, calls) = breakdown.Sum(kind);
        var categories = breakdown.Categories.Where(category => category.Kind == kind).ToArray();
        writer.WriteStartObject(name);
        WriteMoney(writer, "total", total, isMoneyText);
        writer.WriteNumber("calls", calls);
        writer.WriteStartObject(byName);
        foreach (var category in categories)
            WriteMoney(writer, category.Name, category.Total, isMoneyText);
        writer.WriteEndObject();
        writer.WriteStartObject("calls_" + byName);
        foreach (var category in categories)
            writer.WriteNumber(category.Name, category.Calls);
        writer.WriteEndObject();
        if (kind == CallKind.Model)
            WriteTokens(writer, categories);
        writer.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter writer, CategoryTotal[] models)
    {
        writer.WriteStartObject("tokens_by_model");
        foreach (var model in models)
        {
            writer.WritePropertyName(model.Name);
            UsageDimensions.Write(writer, model.Usage);
        }

        writer.WriteEndObject();
    }

    private static void WriteChildren(Utf8JsonWriter writer, SessionReport report, bool isMoneyText)
    {
        writer.WriteStartArray("children");
        foreach (var child in report.Children)
        {
            writer.WriteStartObject();
            writer.WriteString("name", child.Name);
            writer.WriteString("kind", Words.Of(child.Kind));
            writer.WriteBoolean("open", child.IsOpen);
            if (child.Kind == ChildKind.Carved)
                WriteMoney(writer, "carved", child.Carved, isMoneyText);
            WriteMoney(writer, "total_spent", child.Spent, isMoneyText);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("children_total", report.ChildrenTotal);
    }

    private static void WriteStringOrNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }
}
