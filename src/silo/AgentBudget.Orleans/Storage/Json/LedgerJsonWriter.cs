using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>
/// Writes the JSON columns of a store without allocating: the hot path of every append goes through here. What it writes is read by
/// <see cref="LedgerJson"/>; the names are those of the detail records there. Not for several threads at once.
/// </summary>
public sealed class LedgerJsonWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter writer;

    /// <summary>Makes a writer with a buffer of its own.</summary>
    public LedgerJsonWriter() =>
        writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The detail of an entry, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(Entry entry)
    {
        Begin();
        if (entry.Call is { } call)
        {
            writer.WriteStartObject("call"u8);
            WriteCall(call);
            writer.WriteEndObject();
        }

        Text("child"u8, entry.Child);
        Number("expires_at"u8, entry.ExpiresAt?.UtcTicks ?? 0);
        Number("signals"u8, (long)entry.Signals);
        Number("soft_limits"u8, entry.SoftLimitsCrossed);
        Number("would_refuse"u8, (long)entry.WouldRefuse);
        Number("open_reason"u8, (long)entry.OpenReason);
        Number("pause_source"u8, (long)entry.PauseSource);
        Number("end"u8, (long)entry.End);
        Number("breaker_after"u8, (long)entry.After.Breaker.OpenReason);
        Number("paused_after"u8, (long)entry.After.Breaker.PausedBy);
        Number("end_after"u8, (long)entry.After.End);
        Text("reason"u8, entry.Reason);
        Number("carve_number"u8, entry.CarveNumber);
        if (entry.Breakdown is not null) WriteBreakdown("breakdown"u8, entry.Breakdown);
        WriteRare(entry);
        return End();
    }

    /// <summary>The detail of a head, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(SessionHead head)
    {
        Begin();
        Number("opened_body_hash"u8, head.OpenedBodyHash);
        if (head.HardLimitFired) writer.WriteBoolean("hard_limit_fired"u8, true);
        Number("first_soft_limit"u8, head.FirstSoftLimitSequence);
        Number("breaker_opened"u8, head.BreakerOpenedSequence);
        Number("last_related"u8, head.LastRelatedSequence);
        Text("price_table"u8, head.PriceTableVersion);
        if (head.Breakdown.Categories.Count > 0) WriteBreakdown("breakdown"u8, head.Breakdown);
        if (head.Children.Count > 0)
        {
            writer.WritePropertyName("children"u8);
            JsonSerializer.Serialize(writer, head.Children.Select(ChildDetail.From).ToArray(), LedgerJsonContext.Default.ChildDetailArray);
        }

        Number("children_total"u8, head.ChildrenTotal);
        WriteOrigin(head.Origin);
        return End();
    }

    /// <summary>A call, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(Call call)
    {
        Begin();
        WriteCall(call);
        return End();
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private void Begin()
    {
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
    }

    private ReadOnlySpan<byte> End()
    {
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private void WriteCall(Call call)
    {
        Number("kind"u8, (long)call.Kind);
        writer.WriteString("name"u8, call.Name);
        Text("provider"u8, call.Provider);
        Text("agent"u8, call.Agent);
        if (call.Fingerprint != 0) writer.WriteNumber("fingerprint"u8, call.Fingerprint);
        WriteUsage(call.Usage);
        Text("price_row"u8, call.PriceRow);
        Text("price_table"u8, call.PriceTableVersion);
        Number("source"u8, (long)call.Source);
        if (call.Sketch != 0) writer.WriteNumber("sketch"u8, call.Sketch);
        if (call.Result != 0) writer.WriteNumber("result"u8, call.Result);
        if (call.Failed) writer.WriteBoolean("failed"u8, true);
        if (call.AfterUser) writer.WriteBoolean("after_user"u8, true);
    }

    private void WriteUsage(in TokenUsage usage)
    {
        if (usage.IsZero) return;
        writer.WritePropertyName("usage"u8);
        UsageDimensions.Write(writer, usage);
    }

    private void WriteBreakdown(ReadOnlySpan<byte> name, Breakdown breakdown)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < breakdown.Categories.Count; i++)
        {
            var category = breakdown.Categories[i];
            writer.WriteStartObject();
            Number("kind"u8, (long)category.Kind);
            writer.WriteString("name"u8, category.Name);
            Number("total_nano_usd"u8, category.Total.NanoDollars);
            Number("calls"u8, category.Calls);
            WriteUsage(category.Usage);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteRare(Entry entry)
    {
        if (entry.Loop is not null)
        {
            writer.WritePropertyName("loop"u8);
            JsonSerializer.Serialize(writer, LoopDetail.From(entry.Loop), LedgerJsonContext.Default.LoopDetail);
        }

        if (OptionsDetail.From(entry.Options) is { } options)
        {
            writer.WritePropertyName("options"u8);
            JsonSerializer.Serialize(writer, options, LedgerJsonContext.Default.OptionsDetail);
        }

        WriteOrigin(entry.Origin);
    }

    private void WriteOrigin(CarveOrigin? origin)
    {
        if (OriginDetail.From(origin) is not { } detail) return;
        writer.WritePropertyName("origin"u8);
        JsonSerializer.Serialize(writer, detail, LedgerJsonContext.Default.OriginDetail);
    }

    private void Number(ReadOnlySpan<byte> name, long value)
    {
        if (value != 0) writer.WriteNumber(name, value);
    }

    private void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }
}
