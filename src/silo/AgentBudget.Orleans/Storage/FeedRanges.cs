using System.Buffers;

namespace AgentBudget.Orleans.Storage;

/// <summary>
/// The ranges of a row of the feed as bytes, for stores that number their ledgers: for each the ledger's number, the first entry, how many
/// and which events they have, and how far back the one before with events is, as numbers of seven bits a byte. The layout stands in stored
/// feeds and never changes.
/// </summary>
public sealed class FeedRanges
{
    private const int MostBytesOfRange = 40;
    private const int BitsOfKinds = 2;

    private readonly ArrayBufferWriter<byte> buffer = new(256);

    /// <summary>The latest ledger time of what was added.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The first append that was added: it names the batch.</summary>
    public long BatchId { get; private set; }

    /// <summary>Whether nothing was added: the batch needs no row.</summary>
    public bool IsEmpty => buffer.WrittenCount == 0;

    /// <summary>What was added.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.WrittenSpan;

    /// <summary>Begins the next batch.</summary>
    public void Clear()
    {
        buffer.ResetWrittenCount();
        At = DateTimeOffset.MinValue;
    }

    /// <summary>Adds an append, if any of its entries has events.</summary>
    public void Add(long ledgerNo, in LedgerAppend append)
    {
        if (!append.HasEvents)
            return;
        if (IsEmpty)
            BatchId = append.AppendId;
        if (append.Head.LastEntryAt > At)
            At = append.Head.LastEntryAt;
        var to = buffer.GetSpan(MostBytesOfRange);
        var used = Write(to, (ulong)ledgerNo);
        used += Write(to[used..], (ulong)append.Entries[0].Sequence);
        used += Write(to[used..], ((ulong)append.Entries.Count << BitsOfKinds) | (ulong)append.EventKinds);
        used += Write(to[used..], (ulong)(append.Entries[0].Sequence - append.PreviousEvent));
        buffer.Advance(used);
    }

    /// <summary>Reads ranges, and leaves out those of ledgers that are no more, and those that have none of the kinds asked for.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="wanted">The kinds.</param>
    /// <param name="idOf">The id of a number; null for a ledger that is no more.</param>
    /// <exception cref="InvalidDataException">The bytes are no ranges.</exception>
    public static IReadOnlyList<FeedRange> Read(ReadOnlySpan<byte> bytes, EventKinds wanted, Func<long, string?> idOf)
    {
        var ranges = new List<FeedRange>();
        while (!bytes.IsEmpty)
        {
            var ledgerNo = (long)Take(ref bytes);
            var first = (long)Take(ref bytes);
            var count = Take(ref bytes);
            var back = (long)Take(ref bytes);
            var kinds = (EventKinds)(count & ((1 << BitsOfKinds) - 1));
            if ((kinds & wanted) != 0 && idOf(ledgerNo) is { } id)
                ranges.Add(new FeedRange(id, first, (int)(count >> BitsOfKinds), first - back, kinds));
        }

        return ranges;
    }

    private static int Write(Span<byte> to, ulong number)
    {
        var used = 0;
        for (; number >= 0x80; number >>= 7)
            to[used++] = (byte)(number | 0x80);
        to[used++] = (byte)number;
        return used;
    }

    private static ulong Take(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0UL;
        for (var i = 0; i < 10 && i < bytes.Length; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if ((bytes[i] & 0x80) != 0)
                continue;
            bytes = bytes[(i + 1)..];
            return number;
        }

        throw new InvalidDataException("A row of the feed is cut short.");
    }
}
