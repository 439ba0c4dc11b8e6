using AgentBudget.Ledger;

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
    public void Add(string key, long sequence, long durableSequence)
    {
        while (count >= capacity && keys[start].Sequence <= durableSequence) Forget();
        if (count == keys.Length) Grow();
        keys[(start + count) % keys.Length] = (BodyHash.Of(key), sequence);
        count++;
        if (count <= capacity && keys.Length > capacity) Shrink();
    }

    /// <summary>The sequences at which a key may stand; hashes can collide, so the entry has to be looked at.</summary>
    public long? Find(string key)
    {
        var hash = BodyHash.Of(key);
        for (var i = count - 1; i >= 0; i--)
        {
            var (known, sequence) = keys[(start + i) % keys.Length];
            if (known == hash) return sequence;
        }

        return null;
    }

    private void Forget()
    {
        ForgottenThrough = keys[start].Sequence;
        start = (start + 1) % keys.Length;
        count--;
    }

    private void Grow() => Resize(keys.Length * 2);

    private void Shrink() => Resize(capacity);

    private void Resize(int length)
    {
        var resized = new (ulong, long)[length];
        for (var i = 0; i < count; i++) resized[i] = keys[(start + i) % keys.Length];
        (keys, start) = (resized, 0);
    }
}
