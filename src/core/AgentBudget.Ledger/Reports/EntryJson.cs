using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>The JSON of one entry in a report or a timeline. <c>cost</c>, <c>cost_type</c> and <c>timestamp</c> are the ancestor's
/// names.</summary>
public static class EntryJson
{
    /// <summary>Writes the entry as one JSON object.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="isMoneyText">Whether money is a decimal string. Default: a number, as the ancestor writes it.</param>
    public static void Write(Entry entry, Utf8JsonWriter writer, bool isMoneyText = false)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence", entry.Sequence);
        writer.WriteString("kind", Words.Of(entry.Kind));
        writer.WriteNumber(
            "timestamp",
            decimal.Round((entry.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / (decimal)TimeSpan.TicksPerSecond, 3)
        );
        writer.WriteString("at", JsonLine.Iso(entry.At));
        ReportJson.WriteMoney(writer, entry.IsCost ? "cost" : "amount", entry.Amount, isMoneyText);
        if (entry.Call is { } call)
            WriteCall(writer, call, isMoneyText);
        WriteRest(writer, entry, isMoneyText);
        writer.WriteEndObject();
    }

    internal static void WriteCall(Utf8JsonWriter writer, Call call, bool isMoneyText)
    {
        writer.WriteString("cost_type", call.Kind == CallKind.Model ? "llm" : "tool");
        writer.WriteString(call.Kind == CallKind.Model ? "model" : "tool_name", call.Name);
        WriteUnlessNull(writer, "provider", call.Provider);
        WriteUnlessNull(writer, "agent", call.Agent);
        if (!call.Usage.IsZero)
        {
            writer.WritePropertyName("usage");
            UsageDimensions.Write(writer, call.Usage);
        }

        WriteUnlessNull(writer, "service_tier", call.ServiceTier);
        WriteUnlessNull(writer, "region", call.Region);
        WriteUnlessNull(writer, "speed", call.Speed);
        WriteUnlessNull(writer, "price_row", call.PriceRow);
        if (call.TableCost is { } table)
            ReportJson.WriteMoney(writer, "table_cost", table, isMoneyText);
        if (call.Source != CostSource.Provider)
            writer.WriteString("cost_source", Words.Of(call.Source));
    }

    private static void WriteRest(Utf8JsonWriter writer, Entry entry, bool isMoneyText)
    {
        WriteUnlessZero(writer, "related", entry.Related);
        WriteUnlessNull(writer, "child", entry.Child);
        WriteUnlessNull(writer, "idempotency_key", entry.Key);
        WriteUnlessNull(writer, "by", entry.By);
        WriteUnlessNull(writer, "reason", entry.Reason);
        if (entry.ExpiresAt is { } expires)
            writer.WriteString("expires_at", JsonLine.Iso(expires));
        if (entry.SoftLimitsCrossed != 0)
            writer.WriteBoolean("soft_limit", true);
        if (entry.Kind == EntryKind.SoftLimitReached)
            ReportJson.WriteMoney(writer, "limit", entry.Requested, isMoneyText);
        if (entry.Kind == EntryKind.SoftLimitReached || entry.Window != WindowKind.Total)
            writer.WriteString("window", Words.Of(entry.Window));
        WriteUnlessNull(writer, "by", entry.By);
        if (entry.Signals.HasFlag(EntrySignals.HardLimit))
            writer.WriteBoolean("hard_limit", true);
        if (entry.Signals.HasFlag(EntrySignals.Late))
            writer.WriteBoolean("late", true);
        if (entry.Signals.HasFlag(EntrySignals.Final))
            writer.WriteBoolean("final", true);
        WriteUnlessNull(writer, "breaker_opened", Words.Of(entry.OpenReason));
        if (entry.Signals.HasFlag(EntrySignals.BreakerClosed))
            writer.WriteBoolean("breaker_closed", true);
        if (entry.WouldRefuse != RefusalReason.None)
            writer.WriteString("would_refuse", Words.Of(entry.WouldRefuse));
        if (entry.End != EndReason.None)
            writer.WriteString("end", Words.Of(entry.End) ?? "closed");
        if (entry.Signals.HasFlag(EntrySignals.LoopWarning))
            writer.WriteBoolean("loop_warning", true);
        if (entry.Loop is not { } loop)
            return;
        writer.WritePropertyName("loop");
        LoopJson.Write(loop, writer, events: null, isMoneyText);
    }

    private static void WriteUnlessZero(Utf8JsonWriter writer, string name, long value)
    {
        if (value != 0)
            writer.WriteNumber(name, value);
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}
