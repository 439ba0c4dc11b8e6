using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>
/// A timeline as bytes. Entries kept as objects would be copied by every garbage collection on their way to the old generation, and
/// that, not the ledger, would be what a benchmark in memory measures. It also sends every entry through the stored form.
/// </summary>
internal sealed class PackedTimeline
{
    private const int ChunkBytes = 16 * 1024;

    private readonly List<byte[]?> chunks = [];
    private readonly List<(int Chunk, int Offset)> places = [];
    private byte[] last = [];
    private int room;
    private int used;

    /// <summary>How many entries were added.</summary>
    public int Count => places.Count;

    /// <summary>The first that is still there.</summary>
    public int First { get; private set; }

    public Entry this[int index] => At(index).ToEntry();

    /// <summary>The hash of an entry's key; 0 without one.</summary>
    public ulong KeyHashAt(int index) => (ulong)At(index).KeyHash;

    /// <summary>Adds an entry, written by the store's writer.</summary>
    public PackedEntry Add(Entry entry, LedgerJsonWriter json)
    {
        var detail = json.Write(entry);
        var size = PackedEntry.MaxLengthOf(entry, detail);
        if (used + size > room)
        {
            room = Math.Max(ChunkBytes, size);
            chunks.Add(last = GC.AllocateUninitializedArray<byte>(room));
            used = 0;
        }

        places.Add((chunks.Count - 1, used));
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
        var kept = first < places.Count ? places[first].Chunk : chunks.Count - 1;
        for (var i = 0; i < kept; i++)
            chunks[i] = null;
    }

    /// <summary>An entry as bytes.</summary>
    public PackedEntry At(int index)
    {
        var (chunk, offset) = places[index];
        return new PackedEntry(chunks[chunk]!.AsSpan(offset));
    }
}
