using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>A ledger store in memory, for tests, benchmarks and backtests: everything is gone with the process.</summary>
public sealed class InMemoryLedgerStore : IImmediateLedgerStore
{
    // Sessions are written from many threads; a writer is used by one at a time and for one entry.
    [ThreadStatic]
    private static LedgerJsonWriter? json;

    private readonly ConcurrentDictionary<string, Session> sessions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Partitions => 1;

    /// <inheritdoc/>
    public int PartitionOf(string ledgerId) => 0;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        var outcomes = new AppendOutcome[batch.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = LedgerOf(batch[i].Head.SessionId).Append(batch[i]);
        return ValueTask.FromResult<IReadOnlyList<AppendOutcome>>(outcomes);
    }

    /// <inheritdoc/>
    public IImmediateLedger LedgerOf(string ledgerId) => sessions.GetOrAdd(ledgerId, static _ => new Session());

    /// <inheritdoc/>
    public ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        Read<StoredLedger?>(
            ledgerId,
            null,
            static session => session.Head is null ? null : (session.Beside ?? new SideRows()).Of(session.Head, session.DueAt)
        );

    /// <inheritdoc/>
    public ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        Read(ledgerId, null, static session => session.Head);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Entry>>(
            ledgerId,
            [],
            session =>
            {
                var start = (int)Math.Clamp(fromSequence - 1, session.Timeline.First, session.Timeline.Count);
                var end = (int)Math.Clamp(fromSequence - 1 + count, start, session.Timeline.Count);
                return Enumerable.Range(start, end - start).Select(index => session.Timeline[index]).ToArray();
            }
        );

    /// <inheritdoc/>
    public ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        Read<Entry?>(ledgerId, null, session => session.FindByKey(key, BodyHash.Of(key)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Entry>>(
            ledgerId,
            [],
            session => session.Related.Where(pair => pair.Related == sequence).Select(pair => session.Timeline[pair.Index]).ToArray()
        );

    /// <inheritdoc/>
    public ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken) =>
        Read(ledgerId, null, session => session.Beside?.FindHolder(holderId, holderLife));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>(
            sessions
                .Where(pair => pair.Value.Head is not null && pair.Value.DueAt <= now)
                .OrderBy(pair => pair.Value.DueAt)
                .Skip(skip)
                .Take(count)
                .Select(pair => pair.Key)
                .ToArray()
        );

    /// <inheritdoc/>
    public ValueTask RescheduleAsync(string ledgerId, long life, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        if (sessions.TryGetValue(ledgerId, out var session))
        {
            lock (session.Gate)
            {
                if (session.IsAt(life, sequence))
                    session.DueAt = dueAt;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken)
    {
        if (sessions.TryGetValue(ledgerId, out var session))
        {
            lock (session.Gate)
            {
                if (session.IsAt(life, sequence))
                    session.Clear();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken)
    {
        if (sessions.TryGetValue(ledgerId, out var session))
        {
            lock (session.Gate)
                session.Trim(throughSequence);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        ValueTask.FromResult(listing.PageOf(sessions.Values.Select(session => session.Head).OfType<SessionHead>().Where(listing.Has)));

    private ValueTask<T> Read<T>(string ledgerId, T missing, Func<Session, T> read)
    {
        if (!sessions.TryGetValue(ledgerId, out var session))
            return ValueTask.FromResult(missing);
        lock (session.Gate)
            return ValueTask.FromResult(read(session));
    }

    private sealed class Session : IImmediateLedger
    {
        private KeyIndex keys = new();
        private long lastAppendId;

        public Lock Gate { get; } = new();

        public SessionHead? Head { get; private set; }

        public DateTimeOffset DueAt { get; set; }

        public PackedTimeline Timeline { get; private set; } = new();

        public List<(long Related, int Index)> Related { get; } = [];

        // Most sessions never have any.
        public SideRows? Beside { get; private set; }

        public bool IsAt(long life, long sequence) => Head is not null && Head.Sequence == sequence && Head.Life == life;

        public AppendOutcome Append(in LedgerAppend append)
        {
            lock (Gate)
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
            Timeline.Trim((int)Math.Min(throughSequence, Timeline.Count));
            Related.RemoveAll(pair => pair.Index < Timeline.First);
        }

        public void Clear()
        {
            Head = null;
            Timeline = new PackedTimeline();
            keys = new KeyIndex();
            Related.Clear();
            Beside = null;
        }

        private void Add(Entry entry, LedgerJsonWriter json)
        {
            var index = Timeline.Count;
            Timeline.Add(entry, json);
            if (entry.Key is not null)
                keys.Add(entry.KeyHash, index);
            var packed = Timeline.At(index);
            if (packed.IsLookedUp)
                Related.Add((entry.Related, index));
            if (packed.HasChange)
                (Beside ??= new SideRows()).Follow(EntryRows.ChangeOf(entry));
        }
    }
}
