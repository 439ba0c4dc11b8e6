using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>An entry that stands in the journal and not yet in the tables.</summary>
/// <param name="Bytes">The chunk that holds it.</param>
/// <param name="Offset">Where it begins there.</param>
/// <param name="Sequence">Its sequence.</param>
/// <param name="KeyHash">The hash of its key; null without one.</param>
internal readonly record struct TailEntry(byte[] Bytes, int Offset, long Sequence, long? KeyHash)
{
    /// <summary>The entry as bytes.</summary>
    public PackedEntry Packed => new(Bytes.AsSpan(Offset));
}

/// <summary>What of one session stands in the journal and not yet in the tables. Immutable: readers keep what they were given.</summary>
/// <param name="No">Its number.</param>
/// <param name="Head">Its head after the last of the entries; after as many as could be followed when <paramref name="IsHeadKnown"/> is not
/// set.</param>
/// <param name="AppendId">Its last append.</param>
/// <param name="DueAt">When it wants to be tended.</param>
/// <param name="Entries">The entries, oldest first.</param>
/// <param name="Failure">Why the tables do not take it; null as long as nothing is wrong.</param>
/// <param name="IsHeadKnown">Whether the entries follow from what the tables hold.</param>
/// <param name="IsKept">Whether rows of it are set aside.</param>
internal sealed record TailSnapshot(
    long No,
    SessionHead Head,
    long AppendId,
    DateTimeOffset DueAt,
    ArraySegment<TailEntry> Entries,
    Exception? Failure,
    bool IsHeadKnown,
    bool IsKept
);

/// <summary>A session that has entries in the journal, or that is set aside. Guarded by the tail's lock.</summary>
internal sealed class TailSession(long no, long journalId, long since)
{
    // Apart from the entries, so that a key is looked for in one run over numbers: a hot session has hundreds of them here.
    private readonly List<long> keyHashes = [];

    // Only ever added to, so that snapshots share it: what lies before the count of a snapshot does not change any more.
    private TailEntry[] entries = new TailEntry[4];
    private TailSnapshot? snapshot;

    public long No => no;

    /// <summary>The journal row that holds its first entry.</summary>
    public long FirstJournalId => journalId;

    /// <summary>When its first entry came here, as a time stamp.</summary>
    public long Since => since;

    /// <summary>Its place among those that wait to be projected; null when it is set aside.</summary>
    public LinkedListNode<TailSession>? Place { get; set; }

    public SessionHead Head { get; private set; } = null!;

    public DateTimeOffset DueAt { get; private set; }

    public int Count { get; private set; }

    public bool IsHeadKnown { get; private set; } = true;

    /// <summary>Whether rows of it are set aside; they go when the tables take it after all.</summary>
    public bool IsKept { get; private set; }

    private long AppendId { get; set; }

    private Exception? Failure { get; set; }

    public void Add(ReadOnlySpan<TailEntry> added, SessionHead head, long appendId, DateTimeOffset dueAt)
    {
        foreach (var entry in added)
        {
            if (Count == entries.Length)
                Array.Resize(ref entries, 2 * Count);
            entries[Count++] = entry;
            if (entry.KeyHash is { } hash)
                keyHashes.Add(hash);
        }

        (Head, AppendId, DueAt) = (head, appendId, dueAt);
        snapshot = null;
    }

    public bool HasKey(long keyHash) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(keyHashes).Contains(keyHash);

    /// <summary>Notes what recovery found out: where it was kept, and whether its entries follow from the tables.</summary>
    public void Recovered(bool isKept, Exception? failure)
    {
        IsKept |= isKept;
        if (failure is not null)
            (Failure, IsHeadKnown) = (failure, false);
        snapshot = null;
    }

    /// <summary>Notes that the tables do not take it. Its entries lie elsewhere from now on, so that it keeps no chunks of others
    /// alive.</summary>
    public void SetAside(Exception failure, TailEntry[] kept)
    {
        (Failure, IsKept, Place, entries, snapshot) = (failure, true, null, kept, null);
    }

    public TailSnapshot Snapshot() =>
        snapshot ??= new(no, Head, AppendId, DueAt, new ArraySegment<TailEntry>(entries, 0, Count), Failure, IsHeadKnown, IsKept);
}
