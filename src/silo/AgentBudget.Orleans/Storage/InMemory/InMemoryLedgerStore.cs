using System.Collections.Concurrent;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>A ledger store in memory, for tests, benchmarks and backtests: everything is gone with the process.</summary>
public sealed class InMemoryLedgerStore : IImmediateLedgerStore
{
    private const int Gates = 256;

    private readonly ConcurrentDictionary<string, InMemoryLedger> sessions = new(StringComparer.Ordinal);
    private readonly InMemoryFeed feed;
    private readonly Lock[] gates = [.. Enumerable.Range(0, Gates).Select(_ => new Lock())];
    private int lastGate;

    /// <summary>Makes an empty one.</summary>
    public InMemoryLedgerStore() => feed = new InMemoryFeed(sessions);

    /// <inheritdoc/>
    public int Partitions => 1;

    /// <inheritdoc/>
    public int PartitionOf(string ledgerId) => 0;

    /// <inheritdoc/>
    public ILedgerFeedStore Feed => feed;

    /// <inheritdoc/>
    public IDeliveryStore Deliveries { get; } = new InMemoryDeliveries();

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
    public IImmediateLedger LedgerOf(string ledgerId) => sessions.GetOrAdd(ledgerId, static (_, store) => store.NewLedger(), this);

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
        Read<IReadOnlyList<Entry>>(ledgerId, [], session => session.Page(fromSequence, count));

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
            using (session.Enter())
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
            using (session.Enter())
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
            using (session.Enter())
                session.Trim(throughSequence);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => Read<IReadOnlyList<HolderRow>>(ledgerId, [], session => session.Beside?.Closed(afterNumber, count) ?? []);

    /// <inheritdoc/>
    public async ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        await Read(
            ledgerId,
            false,
            session =>
            {
                session.Beside?.Drop(numbers);
                return true;
            }
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        ValueTask.FromResult(listing.PageOf(sessions.Values.Select(session => session.Head).OfType<SessionHead>().Where(listing.Has)));

    private InMemoryLedger NewLedger() => new(feed, gates[(uint)Interlocked.Increment(ref lastGate) % Gates]);

    private ValueTask<T> Read<T>(string ledgerId, T missing, Func<InMemoryLedger, T> read)
    {
        if (!sessions.TryGetValue(ledgerId, out var session))
            return ValueTask.FromResult(missing);
        using (session.Enter())
            return ValueTask.FromResult(read(session));
    }
}
