using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

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
    public static Entry ReadDetail(Entry entry, Money budget, Money spent, Money reserved, ReadOnlySpan<byte> detailUtf8) =>
        Read(
            EntryForms.Entry,
            entry with
            {
                After = new Standing(entry.Sequence, budget, spent, reserved, default, EndReason.None),
            },
            detailUtf8
        );

    /// <summary>Completes a head, whose columns are set, from its detail.</summary>
    public static SessionHead ReadDetail(SessionHead head, ReadOnlySpan<byte> detailUtf8) => Read(HeadForms.Head, head, detailUtf8);

    /// <summary>Options as they are stored, UTF-8; null for a tombstone.</summary>
    public static byte[]? WriteOptions(BudgetSessionOptions? options)
    {
        if (options is null)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, LedgerJsonWriter.Plain))
            OptionsForm.Options.Write(writer, options);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads stored options.</summary>
    public static BudgetSessionOptions? ReadOptions(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? null : Read(OptionsForm.Options, new BudgetSessionOptions { Budget = Money.Zero }, utf8);

    /// <summary>Reads a holder's row, which is stored whole.</summary>
    internal static HolderRow ReadHolder(ReadOnlySpan<byte> utf8) =>
        Read(HolderForms.Row, new HolderRow { Number = 0, HolderId = "" }, utf8);

    /// <summary>Reads a stored call.</summary>
    public static Call ReadCall(ReadOnlySpan<byte> utf8) => Read(CallForms.Call, new Call { Name = "" }, utf8);

    internal static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static T Read<T>(StoredForm<T> form, T value, ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A JSON object is expected.");
        value = form.Read(ref reader, value);
        if (reader.Read())
            throw new JsonException("One JSON object is expected, and nothing behind it.");
        return value;
    }
}

/// <summary>
/// Writes the JSON columns of a store without allocating: the hot path of every append goes through here. What it writes is read by
/// <see cref="LedgerJson"/>. Not for several threads at once.
/// </summary>
public sealed class LedgerJsonWriter : IDisposable
{
    internal static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter writer;

    /// <summary>Makes a writer with a buffer of its own.</summary>
    public LedgerJsonWriter() => writer = new Utf8JsonWriter(buffer, Plain);

    /// <summary>The detail of an entry, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(Entry entry) => Write(EntryForms.Entry, entry);

    /// <summary>The detail of a head, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(SessionHead head) => Write(HeadForms.Head, head);

    /// <summary>What of a row beside a timeline does not stand in columns of its own, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(SideRow row) =>
        row.Holder is { } holder ? Write(HolderForms.Row, holder) : Write(row.Reservation!.Call);

    /// <summary>A call, UTF-8. Good until the next call.</summary>
    public ReadOnlySpan<byte> Write(Call call) => Write(CallForms.Call, call);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private ReadOnlySpan<byte> Write<T>(StoredForm<T> form, T value)
    {
        buffer.ResetWrittenCount();
        writer.Reset();
        form.Write(writer, value);
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
