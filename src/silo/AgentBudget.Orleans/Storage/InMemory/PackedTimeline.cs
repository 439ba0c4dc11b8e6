using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>
/// A timeline as bytes. Entries kept as objects would be copied by every garbage collection on their way to the old generation, and
/// that, not the ledger, would be what a benchmark in memory measures. It also sends every entry through the stored form. A value: each
/// object of its own would be one more place in memory that every append has to fetch.
/// </summary>
internal struct PackedTimeline()
{
    private const int ChunkBytes = 16 * 1024;

    // As many lines as most entries take.
    private const int EntryLines = 5;

    private readonly List<byte[]?> chunks = [];
    private (int Chunk, int Offset)[] places = new (int, int)[4];
    private byte[] last = [];

    // One less than there are chunks, whose list stands elsewhere.
    private int lastChunk = -1;
    private int room;
    private int used;

    /// <summary>How many entries were added.</summary>
    public int Count { get; private set; }

    /// <summary>The first that is still there.</summary>
    public int First { get; private set; }

    public readonly Entry this[int index] => At(index).ToEntry();

    /// <summary>The hash of an entry's key; 0 without one.</summary>
    public readonly ulong KeyHashAt(int index) => (ulong)At(index).KeyHash;

    /// <summary>Asks for the memory that an entry is going to touch.</summary>
    public readonly void Prefetch()
    {
        Prefetcher.Fetch(last, used, EntryLines);
        Prefetcher.Fetch(places, Count, 1);
    }

    /// <summary>Adds an entry, written by the store's writer.</summary>
    public PackedEntry Add(Entry entry, LedgerJsonWriter json)
    {
        var detail = json.Write(entry);
        var size = PackedEntry.MaxLengthOf(entry, detail);
        if (used + size > room)
        {
            room = Math.Max(ChunkBytes, size);
            chunks.Add(last = GC.AllocateUninitializedArray<byte>(room));
            lastChunk++;
            used = 0;
        }

        if (Count == places.Length)
            Array.Resize(ref places, Count * 2);
        places[Count++] = (lastChunk, used);
        // Not by way of the array's length, which stands far from where it is written.
        var free = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(last), used), room - used);
        used += PackedEntry.Write(free, entry, detail);
        return new PackedEntry(free);
    }

    /// <summary>Lets go of the entries before a place.</summary>
    public void Trim(int first)
    {
        if (first <= First)
            return;
        First = first;
        var kept = first < Count ? places[first].Chunk : chunks.Count - 1;
        for (var i = 0; i < kept; i++)
            chunks[i] = null;
    }

    /// <summary>An entry as bytes.</summary>
    public readonly PackedEntry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var (chunk, offset) = places[index];
        return new PackedEntry(chunks[chunk]!.AsSpan(offset));
    }
}
