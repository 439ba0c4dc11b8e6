using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// The entries of one activation on their way to the store. The grain adds to it from its turns, the writer takes from it from its own
/// thread; a lock keeps the two apart. All entries that wait together become durable together, and their callers share one task.
/// </summary>
/// <remarks>Once an append has failed this is faulted for good: what was decided on top of it must never be written.</remarks>
internal sealed class SessionWrites
{
    private readonly WriterPlaces places;
    private readonly IImmediateLedgerStore? immediateStore;
    private Group? waiting;
    private Group? writing;
    private bool isQueued;
    private readonly byte gateNumber;
    private long storedDueAtTicks;
    private long tendedTicks = DateTimeOffset.MinValue.UtcTicks;
    private IImmediateLedger? immediate;
    private long durableEvent;

    public SessionWrites(
        WriterPlaces places,
        IImmediateLedgerStore? immediateStore,
        long durableSequence,
        long durableEvent,
        DateTimeOffset storedDueAt
    )
    {
        this.durableEvent = durableEvent;
        (this.places, this.immediateStore, gateNumber) = (places, immediateStore, places.NextGate());
        storedDueAtTicks = storedDueAt.UtcTicks;
        DurableSequence = durableSequence;
    }

    /// <summary>The last entry known to be durable.</summary>
    public long DurableSequence { get; private set; }

    /// <summary>Why no more entries are taken; null while they are.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether the session is better served by another activation: it was written from elsewhere, or this silo writes no
    /// more.</summary>
    public bool EndsActivation { get; private set; }

    // Shared with other sessions: a lock of its own would be 40 bytes of every idle session. Nothing in here takes a second one.
    private Lock Gate => places.GateAt(gateNumber);

    /// <summary>Asks for the memory that an append is going to touch.</summary>
    /// <param name="keyHash">The hash of its key.</param>
    public void Prefetch(ulong keyHash)
    {
        Prefetcher.Fetch(this, 2);
        immediate?.Prefetch(keyHash);
    }

    /// <summary>Makes sure that entries decided in this turn will find room. Without it nothing may be decided.</summary>
    public bool TryBegin()
    {
        if (immediateStore is not null)
            return Fault is null;
        lock (Gate)
        {
            if (Fault is not null)
                return false;
            if (waiting is not null && waiting.Entries.Count >= places.MaxEntriesPerSession)
                return false;
            return isQueued || (isQueued = places.TryTake());
        }
    }

    /// <summary>Gives the place back: the turn decided nothing that must be written.</summary>
    public void Abandon()
    {
        if (immediateStore is not null)
            return;
        lock (Gate)
        {
            if (waiting is not null || !isQueued)
                return;
            isQueued = false;
            places.GiveBack();
        }
    }

    /// <summary>Takes entries. The task ends when they, and all before them, are durable, and fails when they are not.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="head">The head after them.</param>
    /// <param name="dueAt">When the session wants to be tended.</param>
    /// <param name="isToBeQueued">Whether this has to be put in its lane's queue now.</param>
    public Task Append(IReadOnlyList<Entry> entries, SessionHead head, DateTimeOffset dueAt, out bool isToBeQueued)
    {
        isToBeQueued = false;
        if (immediateStore is not null)
            return AppendNow(entries, head, dueAt);
        lock (Gate)
        {
            // The writer may have failed what this turn stands on since the turn began.
            if (Fault is not null)
                return Task.FromException(Fault);
            var isNew = waiting is null;
            if (waiting is null)
                waiting = new Group(entries);
            else
                waiting.Add(entries);
            waiting.Head = head;
            waiting.DueAt = dueAt;
            // One group at a time: the next one names the sequence that this one leads to, so it waits for its outcome.
            isToBeQueued = isNew && writing is null;
            return waiting.Task;
        }
    }

    /// <summary>Ends when everything decided so far is durable.</summary>
    public Task WhenDurable()
    {
        lock (Gate)
        {
            if (Fault is not null)
                return Task.FromException(Fault);
            return (waiting ?? writing)?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>The writer takes what waits.</summary>
    public LedgerAppend? Take(long appendId)
    {
        lock (Gate)
        {
            // What is taken again, behind a write of its own, has none.
            if (isQueued)
                places.GiveBack();
            isQueued = false;
            if (waiting is not { } group)
                return null;
            writing = group;
            waiting = null;
            return new LedgerAppend(
                appendId,
                DurableSequence,
                group.Entries,
                group.Head!,
                group.DueAt,
                group.DueAt.UtcTicks != storedDueAtTicks
            )
            {
                PreviousEvent = durableEvent,
            };
        }
    }

    /// <summary>The writer reports that what it took is durable. It still has to tell the callers.</summary>
    /// <param name="waitsAgain">Whether more waits, so that this has to be taken again.</param>
    /// <returns>What the callers wait for: to be ended by the writer.</returns>
    public TaskCompletionSource Succeeded(out bool waitsAgain)
    {
        lock (Gate)
        {
            var done = writing!;
            writing = null;
            DurableSequence = done.Head!.Sequence;
            durableEvent = done.Head.LastEventSequence;
            storedDueAtTicks = done.DueAt.UtcTicks;
            waitsAgain = waiting is not null;
            return done;
        }
    }

    /// <summary>The writer reports that what it took is not, or may not be, durable.</summary>
    public void Failed(Exception fault, bool endsActivation = false)
    {
        Group? failed;
        Group? never;
        lock (Gate)
        {
            (Fault, EndsActivation) = (fault, endsActivation);
            (failed, never) = (writing, waiting);
            (writing, waiting) = (null, null);
            // What waited behind the failed write was not queued, so nobody takes it and gives its place back.
            if (isQueued)
                places.GiveBack();
            isQueued = false;
        }

        failed?.Fail(fault);
        never?.Fail(fault);
    }

    /// <summary>It was tended: what was due by then is due no more.</summary>
    public void Tended(DateTimeOffset now)
    {
        lock (Gate)
            tendedTicks = now.UtcTicks;
    }

    /// <summary>The due time was stored without entries.</summary>
    public void Rescheduled(DateTimeOffset dueAt)
    {
        lock (Gate)
            storedDueAtTicks = dueAt.UtcTicks;
    }

    /// <summary>The due time to store: the stored one is kept while it is early enough, so that it rarely changes.</summary>
    public DateTimeOffset DueAtFor(DateTimeOffset next, DateTimeOffset now, bool isUnfinished)
    {
        if (immediateStore is not null)
            return DueRules.ToStore(
                new DateTimeOffset(storedDueAtTicks, TimeSpan.Zero),
                next,
                now,
                isUnfinished && storedDueAtTicks > tendedTicks
            );
        lock (Gate)
        {
            var known = waiting?.DueAt ?? writing?.DueAt ?? new DateTimeOffset(storedDueAtTicks, TimeSpan.Zero);
            return DueRules.ToStore(known, next, now, isUnfinished && known.UtcTicks > tendedTicks);
        }
    }

    private Task AppendNow(IReadOnlyList<Entry> entries, SessionHead head, DateTimeOffset dueAt)
    {
        immediate ??= immediateStore!.LedgerOf(head.SessionId);
        var append = new LedgerAppend(places.ImmediateAppendId(head.Sequence), DurableSequence, entries, head, dueAt, IsDueChanged: true)
        {
            PreviousEvent = durableEvent,
        };
        if (!append.IsInOrder || immediate.Append(append) == AppendOutcome.Fenced)
        {
            Failed(LedgerWriter.Fenced(), endsActivation: true);
            return Task.FromException(Fault!);
        }

        DurableSequence = head.Sequence;
        durableEvent = head.LastEventSequence;
        storedDueAtTicks = dueAt.UtcTicks;
        return Task.CompletedTask;
    }

    // Entries that become durable together; the task is that of their callers.
    private sealed class Group(IReadOnlyList<Entry> first) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private List<Entry>? several;

        // What one turn wrote is taken over as it is: nobody else holds on to it.
        public IReadOnlyList<Entry> Entries => several ?? first;

        public void Add(IReadOnlyList<Entry> more) => (several ??= [.. first]).AddRange(more);

        public SessionHead? Head { get; set; }

        public DateTimeOffset DueAt { get; set; }

        public void Fail(Exception fault)
        {
            SetException(fault);
            // Nobody may be waiting any more; the fault is kept here all the same.
            _ = Task.Exception;
        }
    }
}
