using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>
/// The JSON columns of ledger stores: what is queried stands in columns of its own, what is only read back stands here. Written by
/// <see cref="LedgerJsonWriter"/>.
/// </summary>
public static class LedgerJson
{
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
            Loop = detail.Loop?.ToEvidence(),
            Options = detail.Options?.ToOptions(),
            Origin = detail.Origin?.ToOrigin(),
        };
    }

    /// <summary>Completes a head, whose columns are set, from its detail.</summary>
    public static SessionHead ReadDetail(SessionHead head, ReadOnlySpan<byte> detailUtf8) =>
        (JsonSerializer.Deserialize(detailUtf8, LedgerJsonContext.Default.HeadDetail) ?? new HeadDetail()).AddTo(head);

    /// <summary>Options as they are stored, UTF-8; null for a tombstone.</summary>
    public static byte[]? WriteOptions(BudgetSessionOptions? options) =>
        OptionsDetail.From(options) is { } detail ? JsonSerializer.SerializeToUtf8Bytes(detail, LedgerJsonContext.Default.OptionsDetail) : null;

    /// <summary>Reads stored options.</summary>
    public static BudgetSessionOptions? ReadOptions(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? null : JsonSerializer.Deserialize(utf8, LedgerJsonContext.Default.OptionsDetail)?.ToOptions();

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
[JsonSerializable(typeof(ChildDetail[]))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
