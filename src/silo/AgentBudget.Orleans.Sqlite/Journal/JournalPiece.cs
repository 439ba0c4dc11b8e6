using System.Buffers.Binary;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>A run of entries of one session in the journal: a header, then the packed entries. Where the number of the ledger is
/// <see cref="FeedPiece.NoLedger"/> it is a row of the feed.</summary>
internal readonly ref struct JournalPiece(ReadOnlySpan<byte> bytes)
{
    public const int HeaderBytes = CountAt + sizeof(int);
    public const int CountAt = 3 * sizeof(long);

    private readonly ReadOnlySpan<byte> bytes = bytes;

    public long LedgerNo => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    public long AppendId => BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]);

    public long DueAtUtcTicks => BinaryPrimitives.ReadInt64LittleEndian(bytes[(2 * sizeof(long))..]);

    public int Count => BinaryPrimitives.ReadInt32LittleEndian(bytes[CountAt..]);

    /// <summary>Writes a header; the count is set when the piece ends.</summary>
    public static void WriteHeader(Span<byte> to, long ledgerNo, long appendId, long dueAtUtcTicks)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, ledgerNo);
        BinaryPrimitives.WriteInt64LittleEndian(to[sizeof(long)..], appendId);
        BinaryPrimitives.WriteInt64LittleEndian(to[(2 * sizeof(long))..], dueAtUtcTicks);
        WriteCount(to, 0);
    }

    /// <summary>Sets the count of a piece whose header is written.</summary>
    public static void WriteCount(Span<byte> to, int count) => BinaryPrimitives.WriteInt32LittleEndian(to[CountAt..], count);
}
