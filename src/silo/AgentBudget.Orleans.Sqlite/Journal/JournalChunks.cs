using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// What one batch writes to the journal: pieces of a header and packed entries, and the feed's row, in chunks that each become a row.
/// Chunks stay small enough for the young generations: one array a batch would be a large object, and its garbage the dearest there is.
/// </summary>
/// <remarks>The layout is read by <see cref="JournalPiece"/> and <see cref="FeedPiece"/>; it stands in stored journals and never
/// changes.</remarks>
internal sealed class JournalChunks : IDisposable
{
    private const int SmallestChunkBytes = 1024;
    private const int LargestChunkBytes = 64 * 1024;

    private readonly LedgerJsonWriter json = new();
    private readonly List<JournalChunk> chunks = [];
    private byte[] current = [];
    private int used;
    private int nextChunkBytes;

    /// <summary>The chunks of the batch; closed by <see cref="Close"/>.</summary>
    public IReadOnlyList<JournalChunk> All => chunks;

    /// <summary>Begins a batch.</summary>
    public void Begin()
    {
        chunks.Clear();
        (current, used, nextChunkBytes) = ([], 0, SmallestChunkBytes);
    }

    /// <summary>Adds the entries of one append, and says where each of them stands.</summary>
    public void Add(long ledgerNo, LedgerAppend append, List<TailEntry> places)
    {
        var entries = append.Entries;
        var pieceAt = -1;
        var count = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var detail = json.Write(entry);
            var size = PackedEntry.MaxLengthOf(entry, detail);
            if (pieceAt < 0 || used + size > current.Length)
            {
                EndPiece(pieceAt, count);
                (pieceAt, count) = (BeginPiece(ledgerNo, append, size), 0);
            }

            places.Add(new TailEntry(current, used, entry.Sequence, entry.Key is null ? null : (long)entry.KeyHash));
            used += PackedEntry.Write(current.AsSpan(used), entry, detail);
            count++;
        }

        EndPiece(pieceAt, count);
    }

    /// <summary>Adds the batch's row of the feed, behind its entries.</summary>
    /// <returns>The row.</returns>
    public FeedPiece Add(long position, FeedRanges ranges)
    {
        var row = new FeedPiece(position, ranges.BatchId, ranges.At.UtcTicks, ranges.Bytes.ToArray());
        MakeRoom(row.Length);
        row.Write(current.AsSpan(used));
        used += row.Length;
        return row;
    }

    /// <summary>Ends the batch.</summary>
    public void Close()
    {
        if (used > 0)
            chunks.Add(new JournalChunk(current, used));
        used = 0;
    }

    public void Dispose() => json.Dispose();

    private int BeginPiece(long ledgerNo, LedgerAppend append, int firstEntryBytes)
    {
        MakeRoom(JournalPiece.HeaderBytes + firstEntryBytes);
        var at = used;
        JournalPiece.WriteHeader(current.AsSpan(at), ledgerNo, append.AppendId, append.DueAt.UtcTicks);
        used += JournalPiece.HeaderBytes;
        return at;
    }

    private void MakeRoom(int bytes)
    {
        if (used + bytes <= current.Length)
            return;
        Close();
        current = GC.AllocateUninitializedArray<byte>(Math.Max(nextChunkBytes, bytes));
        nextChunkBytes = Math.Min(LargestChunkBytes, nextChunkBytes * 4);
    }

    private void EndPiece(int at, int count)
    {
        if (at >= 0)
            JournalPiece.WriteCount(current.AsSpan(at), count);
    }
}

/// <summary>A row of the journal.</summary>
/// <param name="Bytes">An array that holds it.</param>
/// <param name="Length">How much of the array it takes.</param>
internal readonly record struct JournalChunk(byte[] Bytes, int Length)
{
    /// <summary>What the row holds.</summary>
    public ReadOnlySpan<byte> Payload => Bytes.AsSpan(0, Length);
}
