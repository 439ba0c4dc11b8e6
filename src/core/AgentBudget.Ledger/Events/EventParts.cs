using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>Parts of events that several types have: a call, a report, a tenant's limits.</summary>
internal static class EventParts
{
    public static EventReport? ReportOf(BudgetEvent of) =>
        of switch
        {
            SessionEndedEvent ended => ended.Report,
            SoftLimitEvent soft => soft.Report,
            HardLimitEvent hard => hard.Report,
            OverageEvent overage => overage.Report,
            LoopTrippedEvent loop => loop.Report,
            BreakerOpenedEvent opened => opened.Report,
            _ => null,
        };

    public static LoopEvidence? LoopOf(BudgetEvent of) =>
        of switch
        {
            LoopWarnedEvent warned => warned.Loop,
            LoopTrippedEvent tripped => tripped.Loop,
            _ => null,
        };

    public static void Write(Utf8JsonWriter writer, Call call)
    {
        writer.WriteStartObject();
        EntryJson.WriteCall(writer, call, isMoneyText: true);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, EventReport report)
    {
        writer.WriteStartObject();
        WriteMoney(writer, report.Standing);
        WriteSpend(writer, "spend", report.Breakdown);
        writer.WriteEndObject();
    }

    /// <summary>What was spent, by model and tool, as a list: names of either kind may be alike.</summary>
    public static void WriteSpend(Utf8JsonWriter writer, string name, Breakdown breakdown)
    {
        writer.WriteStartArray(name);
        foreach (var category in breakdown.Categories)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", category.Kind == CallKind.Model ? "llm" : "tool");
            writer.WriteString("name", category.Name);
            writer.WriteMoney("total", category.Total);
            writer.WriteNumber("calls", category.Calls);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, TenantSettings settings)
    {
        writer.WriteStartObject();
        foreach (var kind in Enum.GetValues<WindowKind>())
        {
            if (settings.LimitOf(kind) is { } limit)
                writer.WriteMoney(Words.Of(kind), limit);
        }

        writer.WriteString("time_zone", settings.TimeZone);
        writer.WriteString("mode", Words.Of(settings.Mode));
        writer.WriteStartArray("soft_limits");
        foreach (var fraction in settings.SoftLimits)
            writer.WriteStringValue(fraction.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The amounts of a standing.</summary>
    public static void WriteMoney(Utf8JsonWriter writer, Standing standing)
    {
        foreach (var (shape, amountOf) in EventShapes.Amounts)
            writer.WriteMoney(shape.Name, amountOf(standing));
    }
}
