using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AgentBudget.Ledger;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>
/// Where in a timeline the keys with a hash may stand. A slot is half of the hash and the entry's index, eight bytes in one array, so
/// that a look-up of a key that is not there, which is what every fresh key is, touches one place in memory: not even the array's length,
/// which stands elsewhere. A value, for the same reason.
/// </summary>
internal struct KeyIndex()
{
    private const int SmallestLength = 16;

    // Upper half: of the hash. Lower half: the index, plus one; 0 is a free slot. The length is a power of two, half full at most.
    private ulong[] slots = new ulong[SmallestLength];
    private int mask = SmallestLength - 1;
    private int count;

    /// <summary>Asks for the memory that a key is going to touch.</summary>
    public readonly void Prefetch(ulong hash) => Prefetcher.Fetch(slots, PlaceOf(hash), 1);

    /// <summary>Adds an entry's key.</summary>
    public void Add(ulong hash, int index)
    {
        if (++count * 2 > mask + 1)
            Grow();
        Place((hash & 0xFFFFFFFF_00000000UL) | (uint)(index + 1));
    }

    /// <summary>The next index at which a key with the hash may stand; -1 when there is none.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="probe">Begin with -1, then hand in what came back.</param>
    public readonly int FindNext(ulong hash, ref int probe)
    {
        if (probe < 0)
            probe = PlaceOf(hash);
        while (At(probe) is not 0 and var slot)
        {
            probe = (probe + 1) & mask;
            if ((slot ^ hash) >> 32 == 0)
                return (int)(uint)slot - 1;
        }

        return -1;
    }

    // Within the array: a place is never used without the mask.
    private readonly ref ulong At(int place) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), place & mask);

    private readonly int PlaceOf(ulong hash) => (int)(hash >> 32) & mask;

    private readonly void Place(ulong slot)
    {
        var place = PlaceOf(slot);
        while (At(place) != 0)
            place = (place + 1) & mask;
        At(place) = slot;
    }

    private void Grow()
    {
        var smaller = slots;
        slots = new ulong[smaller.Length * 2];
        mask = slots.Length - 1;
        foreach (var slot in smaller)
        {
            if (slot != 0)
                Place(slot);
        }
    }
}
