namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The idempotency keys of a session's last entries, as hashes with the sequences that they stand at. Keys of entries that are not
/// durable yet are never forgotten: nobody else could find them.
/// </summary>
internal sealed class RecentKeys(int capacity)
{
    // The hashes, then the sequences in the same order, so that looking for a key runs over hashes alone. A free place has the hash 0; a
    // key that has it, too, only costs a look-up.
    private ulong[] places = new ulong[2 * capacity];
    private int start;
    private int count;

    /// <summary>The highest sequence whose key was forgotten; the store has all of them.</summary>
    public long ForgottenThrough { get; private set; }

    private int Length => places.Length / 2;

    /// <summary>Remembers the key of an entry.</summary>
    public void Add(ulong keyHash, long sequence, long durableSequence)
    {
        while (count >= capacity && SequenceAt(start) <= durableSequence)
            Forget();
        if (count == Length)
            Resize(Length * 2);
        Set(Place(count), keyHash, sequence);
        count++;
        if (count <= capacity && Length > capacity)
            Resize(capacity);
    }

    /// <summary>The sequence at which a key may stand; hashes can collide, so the entry has to be looked at.</summary>
    public long? Find(ulong keyHash)
    {
        var place = places.AsSpan(0, Length).IndexOf(keyHash);
        return place < 0 ? null : SequenceAt(place);
    }

    private long SequenceAt(int place) => (long)places[Length + place];

    private void Set(int place, ulong keyHash, long sequence)
    {
        places[place] = keyHash;
        places[Length + place] = (ulong)sequence;
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
        places = new ulong[2 * length];
        for (var i = 0; i < count; i++)
        {
            var place = (start + i) % oldLength;
            Set(i, old[place], (long)old[oldLength + place]);
        }

        start = 0;
    }
}
