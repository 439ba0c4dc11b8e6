using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>One ledger of a store in memory.</summary>
/// <param name="feed">Where its appends with events are told.</param>
/// <param name="gate">Keeps others out. Shared with other ledgers: one of its own would be one more place in memory that every append
/// has to fetch.</param>
internal sealed class InMemoryLedger(InMemoryFeed feed, Lock gate) : IImmediateLedger
{
    // Sessions are written from many threads; a writer is used by one at a time and for one entry.
    [ThreadStatic]
    private static LedgerJsonWriter? json;

    private KeyIndex keys = new();
    private PackedTimeline timeline = new();
    private long lastAppendId;

    /// <summary>Keeps others out until what comes back is disposed of. All but <see cref="Append(in LedgerAppend)"/> and
    /// <see cref="Prefetch"/> is used within.</summary>
    public Lock.Scope Enter() => gate.EnterScope();

    public SessionHead? Head { get; private set; }

    public DateTimeOffset DueAt { get; set; }

    /// <summary>Its entries.</summary>
    public ref readonly PackedTimeline Timeline => ref timeline;

    public List<(long Related, int Index)> Related { get; } = [];

    // Most sessions never have any.
    public SideRows? Beside { get; private set; }

    /// <summary>Some entries from a sequence on. Under the gate.</summary>
    public Entry[] Page(long fromSequence, int count)
    {
        var start = (int)Math.Clamp(fromSequence - 1, Timeline.First, Timeline.Count);
        var end = (int)Math.Clamp(fromSequence - 1 + count, start, Timeline.Count);
        return [.. Enumerable.Range(start, end - start).Select(index => Timeline[index])];
    }

    public bool IsAt(long life, long sequence) => Head is not null && Head.Sequence == sequence && Head.Life == life;

    // Without the lock: what another thread changes meanwhile makes a hint worthless, and no more.
    public void Prefetch(ulong keyHash)
    {
        Prefetcher.Fetch(this, 2);
        keys.Prefetch(keyHash);
        timeline.Prefetch();
    }

    public AppendOutcome Append(in LedgerAppend append)
    {
        lock (gate)
            return Append(append, json ??= new LedgerJsonWriter());
    }

    private AppendOutcome Append(in LedgerAppend append, LedgerJsonWriter json)
    {
        if (Head is not null && lastAppendId == append.AppendId)
            return AppendOutcome.Written;
        if (Head is null ? append.ExpectedSequence != 0 : !IsAt(append.ExpectedLife, append.ExpectedSequence))
            return AppendOutcome.Fenced;
        var entries = append.Entries;
        for (var i = 0; i < entries.Count; i++)
        {
            // The last fence: reached only when a caller called a key fresh that was not.
            if (entries[i].Key is { } key && FindByKey(key, entries[i].KeyHash) is not null)
                return AppendOutcome.Fenced;
        }

        for (var i = 0; i < entries.Count; i++)
            Add(entries[i], json);
        Head = append.Head;
        DueAt = append.DueAt;
        lastAppendId = append.AppendId;
        // Within the ledger's lock, so that its rows stand in the feed in the order of its entries.
        if (append.HasEvents)
            feed.Add(append);
        return AppendOutcome.Written;
    }

    public Entry? FindByKey(string key, ulong keyHash)
    {
        var probe = -1;
        while (keys.FindNext(keyHash, ref probe) is >= 0 and var index)
        {
            if (index >= Timeline.First && Timeline.KeyHashAt(index) == keyHash && Timeline[index] is var entry && entry.Key == key)
                return entry;
        }

        return null;
    }

    public void Trim(long throughSequence)
    {
        timeline.Trim((int)Math.Min(throughSequence, Timeline.Count));
        Related.RemoveAll(pair => pair.Index < Timeline.First);
    }

    public void Clear()
    {
        Head = null;
        timeline = new PackedTimeline();
        keys = new KeyIndex();
        Related.Clear();
        Beside = null;
    }

    private void Add(Entry entry, LedgerJsonWriter json)
    {
        var index = timeline.Count;
        var packed = timeline.Add(entry, json);
        if (entry.Key is not null)
            keys.Add(entry.KeyHash, index);
        if (packed.IsLookedUp)
            Related.Add((entry.Related, index));
        if (packed.HasChange)
            (Beside ??= new SideRows()).Follow(EntryRows.ChangeOf(entry));
    }
}
