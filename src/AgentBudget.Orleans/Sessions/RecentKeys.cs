
namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The idempotency keys of a session's last entries, as hashes with the sequences that they stand at. Keys of entries that are not
/// durable yet are never forgotten: nobody else could find them.
/// </summary>
internal sealed class RecentKeys(int capacity)
{
    private (ulong Hash, long Sequence)[] keys = new (ulong, long)[capacity];
    private int start;
    private int count;

    /// <summary>The highest sequence whose key was forgotten; the store has all of them.</summary>
    public long ForgottenThrough { get; private set; }

    /// <summary>Remembers the key of an entry.</summary>
    public void Add(ulong keyHash, long sequence, long durableSequence)
    {
        while (count >= capacity && keys[start].Sequence <= durableSequence) Forget();
        if (count == keys.Length) Grow();
        keys[Place(count)] = (keyHash, sequence);
        count++;
        if (count <= capacity && keys.Length > capacity) Shrink();
    }

    /// <summary>The sequence at which a key may stand; hashes can collide, so the entry has to be looked at.</summary>
    public long? Find(ulong keyHash)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            var (known, sequence) = keys[Place(i)];
            if (known == keyHash) return sequence;
        }

        return null;
    }

    // Subtracting is cheaper than a remainder, and this is on the path of every charge.
    private int Place(int index)
    {
        var place = start + index;
        return place < keys.Length ? place : place - keys.Length;
    }

    private void Forget()
    {
        ForgottenThrough = keys[start].Sequence;
        start = Place(1);
        count--;
    }

    private void Grow() => Resize(keys.Length * 2);

    private void Shrink() => Resize(capacity);

    private void Resize(int length)
    {
        var resized = new (ulong, long)[length];
        for (var i = 0; i < count; i++) resized[i] = keys[Place(i)];
        (keys, start) = (resized, 0);
    }
}
