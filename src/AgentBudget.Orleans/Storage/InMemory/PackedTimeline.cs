using System.Buffers.Binary;
using System.Text;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage;

/// <summary>
/// A timeline as bytes. Entries kept as objects would be copied by every garbage collection on their way to the old generation, and
/// that, not the ledger, would be what a benchmark in memory measures. It also sends every entry through the stored form.
/// </summary>
internal sealed class PackedTimeline
{
    private const int ChunkBytes = 16 * 1024;
    private const int FixedBytes = 82;

    private readonly List<byte[]> chunks = [];
    private readonly List<(int Chunk, int Offset)> places = [];
    private int used = ChunkBytes;

    public int Count => places.Count;

    public Entry this[int index]
    {
        get
        {
            var (chunk, offset) = places[index];
            return Read(chunks[chunk].AsSpan(offset), index + 1);
        }
    }

    /// <summary>Adds an entry, written by the store's writer.</summary>
    public void Add(Entry entry, LedgerJsonWriter json)
    {
        var detail = json.Write(entry);
        var keyBytes = entry.Key is null ? 0 : Encoding.UTF8.GetByteCount(entry.Key);
        var size = FixedBytes + keyBytes + detail.Length;
        if (used + size > ChunkBytes)
        {
            chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, size)));
            used = 0;
        }

        places.Add((chunks.Count - 1, used));
        Write(chunks[^1].AsSpan(used), entry, keyBytes, detail);
        used += size;
    }

    private static void Write(Span<byte> to, Entry entry, int keyBytes, ReadOnlySpan<byte> detail)
    {
        ReadOnlySpan<long> numbers =
        [
            entry.At.UtcTicks, entry.BodyHash, entry.Amount.NanoDollars, entry.Requested.NanoDollars, entry.Related,
            entry.After.Budget.NanoDollars, entry.After.Spent.NanoDollars, entry.After.Reserved.NanoDollars, keyBytes, detail.Length,
        ];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(to[(i * 8)..], numbers[i]);
        to[80] = (byte)entry.Kind;
        to[81] = entry.Key is null ? (byte)0 : (byte)1;
        if (entry.Key is not null) Encoding.UTF8.GetBytes(entry.Key, to[FixedBytes..]);
        detail.CopyTo(to[(FixedBytes + keyBytes)..]);
    }

    private static Entry Read(ReadOnlySpan<byte> from, long sequence)
    {
        var keyBytes = (int)Number(from, 8);
        var entry = new Entry
        {
            Sequence = sequence,
            At = LedgerJson.Time(Number(from, 0)),
            BodyHash = Number(from, 1),
            Amount = MoneyAt(from, 2),
            Requested = MoneyAt(from, 3),
            Related = Number(from, 4),
            Kind = (EntryKind)from[80],
            Key = from[81] == 0 ? null : Encoding.UTF8.GetString(from.Slice(FixedBytes, keyBytes)),
        };
        var detail = from.Slice(FixedBytes + keyBytes, (int)Number(from, 9));
        return LedgerJson.ReadDetail(entry, MoneyAt(from, 5), MoneyAt(from, 6), MoneyAt(from, 7), detail);
    }

    private static long Number(ReadOnlySpan<byte> from, int index) => BinaryPrimitives.ReadInt64LittleEndian(from[(index * 8)..]);

    private static Money MoneyAt(ReadOnlySpan<byte> from, int index) => Money.FromNanoDollars(Number(from, index));
}
