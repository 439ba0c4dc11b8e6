using System.Buffers.Binary;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// The feed's row of one batch, as a piece of the journal: a header like that of the others, with the batch in place of the append, the
/// row's time in place of the due time and the length of the ranges in place of the count; then the position, and the ranges.
/// </summary>
/// <param name="Position">Its position.</param>
/// <param name="BatchId">The batch.</param>
/// <param name="AtUtcTicks">The latest ledger time in it.</param>
/// <param name="Ranges">The ledgers, and which of their entries.</param>
/// <remarks>It stands in stored journals and never changes.</remarks>
internal readonly record struct FeedPiece(long Position, long BatchId, long AtUtcTicks, ReadOnlyMemory<byte> Ranges)
{
    /// <summary>The number of a ledger that no ledger has: it tells these pieces from those of entries.</summary>
    public const long NoLedger = 0;

    private const int RangesAt = JournalPiece.HeaderBytes + sizeof(long);

    public DateTimeOffset At => new(AtUtcTicks, TimeSpan.Zero);

    public int Length => RangesAt + Ranges.Length;

    /// <summary>Reads the piece that begins at a place of a row.</summary>
    /// <exception cref="InvalidDataException">It is cut off.</exception>
    public static FeedPiece Read(byte[] payload, int at)
    {
        var header = new JournalPiece(payload.AsSpan(at));
        if (header.Count <= 0 || header.Count > payload.Length - at - RangesAt)
            throw new InvalidDataException("A row of the feed is cut off.");
        var position = BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(at + JournalPiece.HeaderBytes));
        return new FeedPiece(position, header.AppendId, header.DueAtUtcTicks, payload.AsMemory(at + RangesAt, header.Count));
    }

    /// <summary>Writes the piece.</summary>
    public void Write(Span<byte> to)
    {
        JournalPiece.WriteHeader(to, NoLedger, BatchId, AtUtcTicks);
        JournalPiece.WriteCount(to, Ranges.Length);
        BinaryPrimitives.WriteInt64LittleEndian(to[JournalPiece.HeaderBytes..], Position);
        Ranges.Span.CopyTo(to[RangesAt..]);
    }
}
