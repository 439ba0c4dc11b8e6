using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>When a write goes wrong.</summary>
public enum FaultMoment
{
    /// <summary>Nothing is written.</summary>
    BeforeWrite,

    /// <summary>It is written, and nobody hears of it.</summary>
    AfterWrite,
}

/// <summary>What goes wrong with the batch that an append is in.</summary>
public sealed record Fault(FaultMoment Moment, Exception Exception)
{
    /// <summary>The store is away.</summary>
    public static Fault Away(FaultMoment moment) => new(moment, new LedgerStoreUnavailableException("The store is away; wait for it."));
}

/// <summary>
/// A store around another that does what a test says: it holds writes back, lets them fail, counts what is read. It waits for writes as
/// a durable store does, also around the store in memory.
/// </summary>
public sealed class ControlledStore(ILedgerStore inner) : ILedgerStore
{
    private readonly ConcurrentQueue<IReadOnlyList<LedgerAppend>> batches = new();
    private readonly Lazy<Task> started = new(() => inner.StartAsync(CancellationToken.None));
    private readonly Lock gates = new();
    private Gate? gate;
    private Gate? blockedOne;
    private bool isBlockingOne;
    private string? blockedId;
    private int entriesRead;
    private int ledgersLoaded;

    /// <summary>Makes the store say that it has two partitions: which sessions are in the second; null for what it says itself.</summary>
    public Predicate<string>? IsInSecondPartition { get; init; }

    public int Partitions => IsInSecondPartition is null ? inner.Partitions : 2;

    /// <summary>How many batches it takes at once; null for what the store itself takes.</summary>
    public int? TakesAtOnce { get; init; }

    public int BatchesAtOnce => TakesAtOnce ?? inner.BatchesAtOnce;

    public ILedgerFeedStore Feed
    {
        get
        {
            EnsureThere();
            return inner.Feed;
        }
    }

    public IDeliveryStore Deliveries
    {
        get
        {
            EnsureThere();
            return inner.Deliveries;
        }
    }

    public int PartitionOf(string ledgerId) =>
        IsInSecondPartition is { } isInSecond ? (isInSecond(ledgerId) ? 1 : 0) : inner.PartitionOf(ledgerId);

    /// <summary>The store itself.</summary>
    public ILedgerStore Inner => inner;

    /// <summary>Decides, append by append, what goes wrong; null for nothing.</summary>
    public Func<LedgerAppend, Fault?>? OnAppend { get; set; }

    /// <summary>What it answers instead of what became of a batch; null for the truth.</summary>
    public Func<IReadOnlyList<AppendOutcome>, IReadOnlyList<AppendOutcome>>? OnOutcomes { get; set; }

    /// <summary>Is told after each batch that was written.</summary>
    public Action? OnWritten { get; set; }

    /// <summary>Is told when a sweep asks for what is due.</summary>
    public Action? OnFindDue { get; set; }

    /// <summary>What a look for a key waits for.</summary>
    public Func<Task>? OnFindByKey { get; set; }

    /// <summary>Decides, session by session, whether it can be read; null when it can.</summary>
    public Func<string, Exception?>? OnRead { get; set; }

    /// <summary>Whether nothing can be written or read.</summary>
    public bool IsAway { get; set; }

    /// <summary>The batches that came, whatever became of them.</summary>
    public IReadOnlyList<LedgerAppend>[] Batches => [.. batches];

    /// <summary>Entries handed out by <see cref="ReadAsync"/> so far.</summary>
    public int EntriesRead => Volatile.Read(ref entriesRead);

    /// <summary>Blocks every batch from now on, until the gate is opened.</summary>
    public Gate Block()
    {
        lock (gates)
            return gate = new Gate();
    }

    /// <summary>Blocks the next batch until the gate is opened, and none after it.</summary>
    /// <param name="ledgerId">Only a batch with entries of this ledger; null for any.</param>
    public Gate BlockNext(string? ledgerId = null)
    {
        lock (gates)
        {
            (isBlockingOne, blockedId) = (true, ledgerId);
            return Block();
        }
    }

    /// <summary>Lets the n-th append from now on fail, and no other.</summary>
    /// <returns>Says how many appends have come.</returns>
    public Func<int> FailAt(int number, FaultMoment moment)
    {
        var come = 0;
        OnAppend = _ => Interlocked.Increment(ref come) == number ? Fault.Away(moment) : null;
        return () => Volatile.Read(ref come);
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Heal()
    {
        (OnAppend, OnRead, OnWritten, OnFindDue, IsAway) = (null, null, null, null, false);
        gate?.Open();
        blockedOne?.Open();
        gate = blockedOne = null;
    }

    /// <summary>Starts the store once, however many silos and clusters share it.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => started.Value.WaitAsync(cancellationToken);

    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        // The writer uses its list again.
        LedgerAppend[] appends = [.. batch];
        batches.Enqueue(appends);
        if (GateOf(appends) is { } block)
            await block.PassAsync();

        EnsureThere();
        var faults = appends.Select(append => OnAppend?.Invoke(append)).OfType<Fault>().ToArray();
        if (faults.FirstOrDefault(fault => fault.Moment == FaultMoment.BeforeWrite) is { } before)
            throw before.Exception;
        var outcomes = await inner.AppendAsync(appends);
        OnWritten?.Invoke();
        return faults is [var after, ..] ? throw after.Exception : OnOutcomes?.Invoke(outcomes) ?? outcomes;
    }

    /// <summary>How often a ledger was read whole, with all that is open of it.</summary>
    public int LedgersLoaded => Volatile.Read(ref ledgersLoaded);

    public ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        return inner.LoadHeadAsync(ledgerId, cancellationToken);
    }

    public ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        Interlocked.Increment(ref ledgersLoaded);
        return inner.LoadAsync(ledgerId, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<Entry>> ReadAsync(
        string ledgerId,
        long fromSequence,
        int count,
        CancellationToken cancellationToken
    )
    {
        EnsureThere(ledgerId);
        var entries = await inner.ReadAsync(ledgerId, fromSequence, count, cancellationToken);
        Interlocked.Add(ref entriesRead, entries.Count);
        return entries;
    }

    public async ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        if (OnFindByKey is { } wait)
            await wait();
        return await inner.FindByKeyAsync(ledgerId, key, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        return inner.FindRelatedAsync(ledgerId, sequence, cancellationToken);
    }

    public ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        return inner.FindHolderAsync(ledgerId, holderId, holderLife, cancellationToken);
    }

    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken)
    {
        OnFindDue?.Invoke();
        EnsureThere();
        return inner.FindDueAsync(now, skip, count, cancellationToken);
    }

    public ValueTask RescheduleAsync(string ledgerId, long life, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        return inner.RescheduleAsync(ledgerId, life, sequence, dueAt, cancellationToken);
    }

    public ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        return inner.PurgeAsync(ledgerId, life, sequence, cancellationToken);
    }

    public ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => inner.ReadClosedHoldersAsync(ledgerId, afterNumber, count, cancellationToken);

    public ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        inner.DropHoldersAsync(ledgerId, numbers, cancellationToken);

    public ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken)
    {
        EnsureThere(ledgerId);
        return inner.TrimAsync(ledgerId, throughSequence, cancellationToken);
    }

    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken)
    {
        EnsureThere();
        return inner.ListAsync(listing, cancellationToken);
    }

    private Gate? GateOf(LedgerAppend[] appends)
    {
        // Two batches can come at once, and a gate for the next one stops one of them.
        lock (gates)
        {
            if (gate is not { } block || (blockedId is not null && appends.All(append => append.Head.SessionId != blockedId)))
                return null;
            if (isBlockingOne)
                (blockedOne, gate, isBlockingOne, blockedId) = (block, null, false, null);
            return block;
        }
    }

    private void EnsureThere(string? ledgerId = null)
    {
        if (IsAway)
            throw new LedgerStoreUnavailableException("The store is away; wait for it.");
        if (ledgerId is not null && OnRead?.Invoke(ledgerId) is { } exception)
            throw exception;
    }
}
