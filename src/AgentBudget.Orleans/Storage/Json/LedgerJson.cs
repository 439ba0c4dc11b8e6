using System.Text.Json;
using System.Text.Json.Serialization;
using AgentBudget.Ledger;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>The JSON columns of ledger stores. What is queried stands in columns; what is only read back stands here.</summary>
public static class LedgerJson
{
    /// <summary>The detail of an entry, UTF-8.</summary>
    public static byte[] WriteDetail(Entry entry)
    {
        var detail = new EntryDetail
        {
            Call = CallDetail.From(entry.Call),
            Child = entry.Child,
            ExpiresAt = entry.ExpiresAt?.UtcTicks ?? 0,
            Signals = entry.Signals,
            SoftLimits = entry.SoftLimitsCrossed,
            WouldRefuse = entry.WouldRefuse,
            OpenReason = entry.OpenReason,
            PauseSource = entry.PauseSource,
            End = entry.End,
            BreakerAfter = entry.After.Breaker.OpenReason,
            PausedAfter = entry.After.Breaker.PausedBy,
            EndAfter = entry.After.End,
            Reason = entry.Reason,
            CarveNumber = entry.CarveNumber,
            Breakdown = entry.Breakdown is null ? null : CategoryDetail.From(entry.Breakdown),
            Loop = entry.Loop,
            Options = OptionsDetail.From(entry.Options),
            Origin = OriginDetail.From(entry.Origin),
        };
        return JsonSerializer.SerializeToUtf8Bytes(detail, LedgerJsonContext.Default.EntryDetail);
    }

    /// <summary>Completes an entry, whose columns are set, from its detail.</summary>
    /// <param name="entry">The entry with what stands in columns.</param>
    /// <param name="budget">The budget after it.</param>
    /// <param name="spent">What was spent after it.</param>
    /// <param name="reserved">What was reserved after it.</param>
    /// <param name="detailUtf8">The detail.</param>
    public static Entry ReadDetail(Entry entry, Money budget, Money spent, Money reserved, ReadOnlySpan<byte> detailUtf8)
    {
        var detail = JsonSerializer.Deserialize(detailUtf8, LedgerJsonContext.Default.EntryDetail) ?? new EntryDetail();
        return entry with
        {
            Call = detail.Call?.ToCall(),
            Child = detail.Child,
            ExpiresAt = detail.ExpiresAt == 0 ? null : Time(detail.ExpiresAt),
            Signals = detail.Signals,
            SoftLimitsCrossed = detail.SoftLimits,
            WouldRefuse = detail.WouldRefuse,
            OpenReason = detail.OpenReason,
            PauseSource = detail.PauseSource,
            End = detail.End,
            After = new Standing(entry.Sequence, budget, spent, reserved, new BreakerStatus(detail.BreakerAfter, detail.PausedAfter), detail.EndAfter),
            Reason = detail.Reason,
            CarveNumber = detail.CarveNumber,
            Breakdown = detail.Breakdown is null ? null : CategoryDetail.ToBreakdown(detail.Breakdown),
            Loop = detail.Loop,
            Options = detail.Options?.ToOptions(),
            Origin = detail.Origin?.ToOrigin(),
        };
    }

    /// <summary>The detail of a head, UTF-8.</summary>
    public static byte[] WriteDetail(SessionHead head) =>
        JsonSerializer.SerializeToUtf8Bytes(HeadDetail.From(head), LedgerJsonContext.Default.HeadDetail);

    /// <summary>Completes a head, whose columns are set, from its detail.</summary>
    public static SessionHead ReadDetail(SessionHead head, ReadOnlySpan<byte> detailUtf8) =>
        (JsonSerializer.Deserialize(detailUtf8, LedgerJsonContext.Default.HeadDetail) ?? new HeadDetail()).AddTo(head);

    /// <summary>Options as they are stored, UTF-8; null for a tombstone.</summary>
    public static byte[]? WriteOptions(SessionOptions? options) =>
        OptionsDetail.From(options) is { } detail ? JsonSerializer.SerializeToUtf8Bytes(detail, LedgerJsonContext.Default.OptionsDetail) : null;

    /// <summary>Reads stored options.</summary>
    public static SessionOptions? ReadOptions(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? null : JsonSerializer.Deserialize(utf8, LedgerJsonContext.Default.OptionsDetail)?.ToOptions();

    /// <summary>The call of an open reservation, UTF-8.</summary>
    public static byte[] WriteCall(Call call) => JsonSerializer.SerializeToUtf8Bytes(CallDetail.From(call)!, LedgerJsonContext.Default.CallDetail);

    /// <summary>Reads a stored call.</summary>
    public static Call ReadCall(ReadOnlySpan<byte> utf8) => (JsonSerializer.Deserialize(utf8, LedgerJsonContext.Default.CallDetail) ?? new CallDetail()).ToCall();

    internal static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(EntryDetail))]
[JsonSerializable(typeof(HeadDetail))]
[JsonSerializable(typeof(OptionsDetail))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
