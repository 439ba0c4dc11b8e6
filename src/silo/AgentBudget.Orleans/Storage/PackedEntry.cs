using System.Buffers.Binary;
using System.Text;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage;

/// <summary>
/// An entry as bytes, for stores that keep entries whole, or carry them for a while before they spread them over columns: numbers
/// first, at fixed places, then key and detail as UTF-8. The layout stands in stored journals and never changes.
/// </summary>
/// <param name="bytes">Bytes that begin with a packed entry; more may follow it.</param>
public readonly ref struct PackedEntry(ReadOnlySpan<byte> bytes)
{
    private const int NumberCount = 10;
    private const int KeyLengthAt = NumberCount * sizeof(long);
    private const int DetailLengthAt = KeyLengthAt + sizeof(int);
    private const int KindAt = DetailLengthAt + sizeof(int);
    private const int FlagsAt = KindAt + 1;
    private const int TextAt = FlagsAt + 1;
    private const byte LookedUpFlag = 1;
    private const byte ChangeFlag = 2;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes it takes.</summary>
    public int Length => TextAt + KeyLength + DetailLength;

    /// <summary>Whether the bytes hold all of an entry. Where they may be damaged it is asked before anything else.</summary>
    public bool IsWhole
    {
        get
        {
            if (bytes.Length < TextAt)
                return false;
            var (key, detail) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[KeyLengthAt..]), DetailLength);
            return key >= -1 && detail >= 0 && (long)Math.Max(0, key) + detail <= bytes.Length - TextAt;
        }
    }

    /// <summary><see cref="Entry.Sequence"/>.</summary>
    public long Sequence => Number(0);

    /// <summary><see cref="Entry.At"/>, in UTC ticks.</summary>
    public long AtUtcTicks => Number(1);

    /// <summary>The hash of the key, as <see cref="Entry.KeyHash"/> gives it.</summary>
    public long KeyHash => Number(2);

    /// <summary><see cref="Entry.BodyHash"/>.</summary>
    public long BodyHash => Number(3);

    /// <summary><see cref="Entry.Amount"/>, in nano-dollars.</summary>
    public long AmountNanoUsd => Number(4);

    /// <summary><see cref="Entry.Requested"/>, in nano-dollars.</summary>
    public long RequestedNanoUsd => Number(5);

    /// <summary><see cref="Entry.Related"/>.</summary>
    public long Related => Number(6);

    /// <summary>The budget after the entry, in nano-dollars.</summary>
    public long BudgetAfterNanoUsd => Number(7);

    /// <summary>What was spent after the entry, in nano-dollars.</summary>
    public long SpentAfterNanoUsd => Number(8);

    /// <summary>What was reserved after the entry, in nano-dollars.</summary>
    public long ReservedAfterNanoUsd => Number(9);

    /// <summary><see cref="Entry.Kind"/>.</summary>
    public EntryKind Kind => (EntryKind)bytes[KindAt];

    /// <summary>Whether the entry is to be found by the one that it is related to, as <see cref="EntryRows"/> says.</summary>
    public bool IsLookedUp => (bytes[FlagsAt] & LookedUpFlag) != 0;

    /// <summary>Whether the entry does something to a row beside the timeline, as <see cref="EntryRows"/> says.</summary>
    public bool HasChange => (bytes[FlagsAt] & ChangeFlag) != 0;

    /// <summary>Whether it has a key.</summary>
    public bool HasKey => BinaryPrimitives.ReadInt32LittleEndian(bytes[KeyLengthAt..]) >= 0;

    /// <summary>Its key, UTF-8; empty without one.</summary>
    public ReadOnlySpan<byte> KeyUtf8 => bytes.Slice(TextAt, KeyLength);

    /// <summary>Its detail, as <see cref="LedgerJsonWriter"/> writes it.</summary>
    public ReadOnlySpan<byte> DetailUtf8 => bytes.Slice(TextAt + KeyLength, DetailLength);

    private int KeyLength => Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(bytes[KeyLengthAt..]));

    private int DetailLength => BinaryPrimitives.ReadInt32LittleEndian(bytes[DetailLengthAt..]);

    /// <summary>How many bytes an entry takes at most.</summary>
    public static int MaxLengthOf(Entry entry, ReadOnlySpan<byte> detailUtf8) =>
        TextAt + (entry.Key is null ? 0 : Encoding.UTF8.GetMaxByteCount(entry.Key.Length)) + detailUtf8.Length;

    /// <summary>Packs an entry.</summary>
    /// <param name="to">Where to; as large as <see cref="MaxLengthOf"/> says.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="detailUtf8">Its detail, as <see cref="LedgerJsonWriter"/> writes it.</param>
    /// <returns>How many bytes it took.</returns>
    public static int Write(Span<byte> to, Entry entry, ReadOnlySpan<byte> detailUtf8)
    {
        ReadOnlySpan<long> numbers =
        [
            entry.Sequence,
            entry.At.UtcTicks,
            (long)entry.KeyHash,
            entry.BodyHash,
            entry.Amount.NanoDollars,
            entry.Requested.NanoDollars,
            entry.Related,
            entry.After.Budget.NanoDollars,
            entry.After.Spent.NanoDollars,
            entry.After.Reserved.NanoDollars,
        ];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(to[(i * sizeof(long))..], numbers[i]);
        var keyLength = entry.Key is null ? 0 : Encoding.UTF8.GetBytes(entry.Key, to[TextAt..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[KeyLengthAt..], entry.Key is null ? -1 : keyLength);
        BinaryPrimitives.WriteInt32LittleEndian(to[DetailLengthAt..], detailUtf8.Length);
        to[KindAt] = (byte)entry.Kind;
        to[FlagsAt] = (byte)((EntryRows.IsLookedUp(entry) ? LookedUpFlag : 0) | (EntryRows.HasChange(entry) ? ChangeFlag : 0));
        detailUtf8.CopyTo(to[(TextAt + keyLength)..]);
        return TextAt + keyLength + detailUtf8.Length;
    }

    /// <summary>The entry itself.</summary>
    public Entry ToEntry()
    {
        var entry = new Entry
        {
            Sequence = Sequence,
            At = LedgerJson.Time(AtUtcTicks),
            BodyHash = BodyHash,
            Amount = Money.FromNanoDollars(AmountNanoUsd),
            Requested = Money.FromNanoDollars(RequestedNanoUsd),
            Related = Related,
            Kind = Kind,
            Key = HasKey ? Encoding.UTF8.GetString(KeyUtf8) : null,
        };
        return LedgerJson.ReadDetail(
            entry,
            Money.FromNanoDollars(BudgetAfterNanoUsd),
            Money.FromNanoDollars(SpentAfterNanoUsd),
            Money.FromNanoDollars(ReservedAfterNanoUsd),
            DetailUtf8
        );
    }

    private long Number(int index) => BinaryPrimitives.ReadInt64LittleEndian(bytes[(index * sizeof(long))..]);
}
