using AgentBudget.Ledger;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The idempotency keys of a session's last entries, as halves of their hashes with the sequences that they stand at. Keys of entries that
/// are not durable yet are never forgotten: nobody else could find them.
/// </summary>
internal sealed class RecentKeys(int capacity)
{
    // The hashes, then the sequences in the same order, so that looking for a key runs over hashes alone: those of sixteen keys are one
    // line of memory. A key with the half of another one costs a look-up.
    private uint[] places = new uint[2 * capacity];
    private int start;
    private int count;
    private long newest;

    /// <summary>The highest sequence whose key was forgotten; the store has all of them.</summary>
    public long ForgottenThrough { get; private set; }

    private int Length => places.Length / 2;

    /// <summary>Asks for the memory that looking for a key is going to touch.</summary>
    public void Prefetch() => Prefetcher.FetchAll(places);

    /// <summary>Remembers the key of an entry.</summary>
    public void Add(ulong keyHash, long sequence, long durableSequence)
    {
        while (count >= capacity && SequenceAt(start) <= durableSequence)
            Forget();
        if (count == Length)
            Resize(Length * 2);
        newest = sequence;
        Set(Place(count), Half(keyHash), (uint)sequence);
        count++;
        if (count <= capacity && Length > capacity)
            Resize(capacity);
    }

    /// <summary>The highest sequence at which a key may stand; hashes can collide, so the entry has to be looked at.</summary>
    public long? Find(ulong keyHash)
    {
        var hashes = places.AsSpan(0, Length);
        long? highest = null;
        for (var from = 0; hashes[from..].IndexOf(Half(keyHash)) is >= 0 and var found; from += found + 1)
            highest = Math.Max(highest ?? 0, SequenceAt(from + found));
        return highest;
    }

    // Zero stands for a free place.
    private static uint Half(ulong keyHash) => Math.Max(1, (uint)(keyHash >> 32));

    // All of them lie close before the newest, so their lower halves tell which they are.
    private long SequenceAt(int place) => newest - (uint)((uint)newest - places[Length + place]);

    private void Set(int place, uint hash, uint sequence)
    {
        places[place] = hash;
        places[Length + place] = sequence;
    }

    // Subtracting is cheaper than a remainder, and this is on the path of every charge.
    private int Place(int index)
    {
        var place = start + index;
        return place < Length ? place : place - Length;
    }

    private void Forget()
    {
        ForgottenThrough = SequenceAt(start);
        places[start] = 0;
        start = Place(1);
        count--;
    }

    private void Resize(int length)
    {
        var (old, oldLength) = (places, Length);
        places = new uint[2 * length];
        for (var i = 0; i < count; i++)
        {
            var place = (start + i) % oldLength;
            Set(i, old[place], old[oldLength + place]);
        }

        start = 0;
    }
}
