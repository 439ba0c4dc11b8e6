using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite;

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
/// <param name="Head">Its head after the last of the entries.</param>
/// <param name="AppendId">Its last append.</param>
/// <param name="DueAt">When it wants to be tended.</param>
/// <param name="Entries">The entries, oldest first.</param>
internal sealed record TailSnapshot(long No, SessionHead Head, long AppendId, DateTimeOffset DueAt, IReadOnlyList<TailEntry> Entries);

/// <summary>A session that has entries in the journal. Guarded by the tail's lock.</summary>
internal sealed class TailSession(long no, long journalId, long since)
{
    // Apart from the entries, so that a key is looked for in one run over numbers: a hot session has hundreds of them here.
    private readonly List<long> keyHashes = [];
    private readonly List<TailEntry> entries = [];

    public long No => no;

    /// <summary>The journal row that holds its first entry.</summary>
    public long FirstJournalId => journalId;

    /// <summary>When its first entry came here, as a time stamp.</summary>
    public long Since => since;

    public SessionHead Head { get; private set; } = null!;

    public long AppendId { get; private set; }

    public DateTimeOffset DueAt { get; private set; }

    public int Count => entries.Count;

    public void Add(ReadOnlySpan<TailEntry> added, SessionHead head, long appendId, DateTimeOffset dueAt)
    {
        foreach (var entry in added)
        {
            entries.Add(entry);
            if (entry.KeyHash is { } hash) keyHashes.Add(hash);
        }

        (Head, AppendId, DueAt) = (head, appendId, dueAt);
    }

    public bool HasKey(long keyHash) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(keyHashes).Contains(keyHash);

    public TailSnapshot Snapshot() => new(no, Head, AppendId, DueAt, entries.ToArray());
}
