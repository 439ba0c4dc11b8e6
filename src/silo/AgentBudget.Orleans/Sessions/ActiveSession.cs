using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Writing;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// One session of one activation: the ledger, its writes and its keys. Decides each command in one turn, without an await between
/// the check and the change, and answers when everything that the answer stands on is durable. Runs on the activation's scheduler.
/// </summary>
internal sealed partial class ActiveSession(LoadedSession loaded, SessionServices services)
{
    // Each look at the store can be overtaken by what this session itself writes.
    private const int MostReadings = 4;

    private readonly SessionLedger ledger = loaded.Ledger;
    private readonly RecentKeys keys = loaded.Keys;
    private readonly SessionWrites writes = services.Writer.WritesOf(
        loaded.Ledger.Head.Sequence,
        loaded.Ledger.Head.LastEventSequence,
        loaded.DueAt
    );
    private readonly string? tenant = services.Metrics.TenantOf(loaded.Ledger.Head.SessionId);
    private SessionClock clock = new(services.Time, loaded.Ledger.Head.LastEntryAt);
    private AwaitedAnswers? awaited;
    private bool isStale;
    private bool isCountedOpen;
    private long countedReserved;

    /// <summary>The session as decided, which may be ahead of what is durable.</summary>
    public SessionLedger Ledger => ledger;

    /// <summary>Whether an append failed: nothing can be decided here any more.</summary>
    public bool IsFaulted => isStale || writes.Fault is not null;

    /// <summary>Whether it is better served by another activation now.</summary>
    public bool EndsActivation => isStale || writes.EndsActivation;

    /// <summary>When something is due next, as far as the clock decides it, in the session's time.</summary>
    public DateTimeOffset NextDue => ledger.NextTick is var tick && ledger.NextDue is var due && tick < due ? tick : due;

    /// <summary>How long a time of the session is from the last turn on.</summary>
    public TimeSpan Until(DateTimeOffset at) => at - clock.Last;

    /// <summary>Whether the command needs something of the timeline before it can be decided.</summary>
    /// <param name="command">The command.</param>
    /// <param name="keyIsFreeThrough">Through which entry its key is known not to stand.</param>
    public bool NeedsLookUp(SessionCommand command, long keyIsFreeThrough = 0) =>
        (command.Key is not null && (!command.IsKeyFresh || keys.Find(command.KeyHash) > keyIsFreeThrough))
        || ledger.EntryToLookUp(command) != 0;

    /// <summary>Asks for the memory that a command is going to touch. With many sessions none of it is near, and each wait for a place
    /// that is far takes as long as all of them together.</summary>
    /// <param name="keyHash">The hash of the command's key; 0 without one.</param>
    public void Prefetch(ulong keyHash)
    {
        Prefetcher.Fetch(this, 2);
        writes.Prefetch(keyHash);
        if (keyHash != 0)
            keys.Prefetch();
        ledger.Prefetch();
    }

    /// <summary>Looks up what the command needs, then decides it.</summary>
    public async Task<Decided> LookUpAndDecideAsync(SessionCommand command, LedgerMessage? admission, bool mayWait = false)
    {
        var lookUps = await LookUpAsync(command);
        return Decide(command, admission is null ? lookUps : lookUps with { Admission = admission }, mayWait);
    }

    /// <summary>Decides a command. There is no await in here: check and change are one turn.</summary>
    /// <param name="command">The command.</param>
    /// <param name="lookUps">What was looked up for it.</param>
    /// <param name="mayWait">Whether it waits where there is no money now: that is no refusal yet.</param>
    /// <exception cref="BudgetUnavailableException">The session reloads, or the queue is full; nothing happened.</exception>
    public Decided Decide(SessionCommand command, LookUps lookUps, bool mayWait = false)
    {
        var now = clock.Now(services.Time);
        if (command.NeedsPrice && lookUps.Prior is null)
            lookUps = lookUps with { Price = services.Pricer.Price(command, ledger, lookUps, now) };
        EnsureCanBegin();
        var overage = ledger.Head.Standing.Overage;
        Decision decision;
        try
        {
            decision = ledger.Execute(command, lookUps, now);
        }
        catch (Exception exception)
        {
            throw BrokeOff(exception);
        }

        if (mayWait && ReserveQueue.MayWait(decision.Answer))
            services.Metrics.Decided(decision.Entries, tenant);
        else
            services.Metrics.Decided(decision.Answer, decision.Entries, overage, tenant);
        Count();
        // Asked for before the entries are seen: the operation may end with one of them.
        var ended = decision.Awaited == 0 ? null : AnswerAsync(decision, (awaited ??= new AwaitedAnswers(ledger)).Of(decision.Awaited));
        return new Decided(decision.Answer, WriteAsync(decision.Entries), ended, decision.LacksParentsMoney);
    }

    /// <summary>Refuses a call that has waited, or may not wait, without asking for it once more.</summary>
    public SessionAnswer Refuse(RefusalReason reason, TimeSpan? retryAfter = null)
    {
        var answer = ledger.Refuse(reason, retryAfter);
        services.Metrics.Decided(answer, [], ledger.Head.Standing.Overage, tenant);
        return answer;
    }

    /// <summary>Decides what another ledger says, after a look at the store where memory is not enough.</summary>
    /// <exception cref="BudgetUnavailableException">The session reloads, or the queue is full.</exception>
    public async Task<Heard> ReceiveAsync(LedgerMessage message)
    {
        var evidence = Evidence.None;
        for (var readings = 0; readings <= MostReadings; readings++)
        {
            EnsureCanBegin();
            ledger.ForgetClosed(writes.DurableSequence);
            Received received;
            try
            {
                received = ledger.Receive(message, evidence, clock.Now(services.Time));
            }
            catch (Exception exception)
            {
                throw BrokeOff(exception);
            }

            services.Metrics.Decided(received.Entries, tenant);
            Count();
            var durable = WriteAsync(received.Entries);
            if (!received.NeedsEvidence)
                return new Heard(received.Reply, durable);
            evidence = await ReadEvidenceAsync(message);
        }

        throw new BudgetUnavailableException("The session changes faster than it can be looked at; send it again.");
    }

    /// <summary>The head as it is stored.</summary>
    /// <exception cref="BudgetUnavailableException">It is ahead of this session, which is served elsewhere.</exception>
    public async Task<SessionHead?> ReadStoredHeadAsync()
    {
        var before = (writes.DurableSequence, ledger.Head.Life);
        var stored = await services.Store.LoadHeadAsync(ledger.Head.SessionId, CancellationToken.None);
        var isBehind = stored is null
            ? before.DurableSequence > 0
            : stored.Sequence > ledger.Head.Sequence || stored.Sequence < before.DurableSequence || stored.Life != ledger.Head.Life;
        if (!isBehind)
            return stored;
        isStale = true;
        throw LedgerWriter.Fenced();
    }

    /// <summary>The session's time.</summary>
    public DateTimeOffset Now() => clock.Now(services.Time);

    /// <summary>Those who wait for other ledgers, or for money, wait no more: what was decided here cannot be trusted.</summary>
    public void FailAwaited()
    {
        awaited?.Fail(CannotBegin());
        ReserveQueue.Fail(this, CannotBegin());
    }

    /// <summary>Expires what is due, ends when that is durable, and gives the session's time.</summary>
    public async Task<DateTimeOffset> ExpireDueAsync()
    {
        var now = clock.Now(services.Time);
        if (NextDue > now && !ledger.IsPastAWindow(now))
            return now;
        EnsureCanBegin();
        IReadOnlyList<Entry> entries;
        try
        {
            entries = ledger.ExpireDue(now);
        }
        catch (Exception exception)
        {
            throw BrokeOff(exception);
        }

        services.Metrics.Decided(entries, tenant);
        Count();
        await WriteAsync(entries);
        return now;
    }

    /// <summary>Ends when everything decided so far is durable, so that it may be told.</summary>
    public Task WhenDurableAsync() => writes.WhenDurable();

    /// <summary>Stores a new due time when nothing was written that carries one.</summary>
    public async Task RescheduleAsync(DateTimeOffset dueAt)
    {
        writes.Tended(clock.OnSilosClock(clock.Last));
        var (life, sequence) = (ledger.Head.Life, ledger.Head.Sequence);
        await writes.WhenDurable();
        if (sequence != ledger.Head.Sequence)
            return;
        var stored = clock.OnSilosClock(dueAt);
        await services.Store.RescheduleAsync(ledger.Head.SessionId, life, sequence, stored, CancellationToken.None);
        // What was written meanwhile carries a due time of its own, and the store may have kept that.
        if (sequence == ledger.Head.Sequence)
            writes.Rescheduled(stored);
    }

    /// <summary>Sees to it that the sweep finds the session in time when the silo's clock was set back since the due time was
    /// stored.</summary>
    public async Task HandToTheSweepAsync()
    {
        clock.Now(services.Time);
        if (clock.Ahead > TimeSpan.Zero)
            await RescheduleAsync(DueRules.Next(ledger, services.Spans));
    }

    /// <summary>Counts the session, as it stands now, among those that the silo holds.</summary>
    public void Count()
    {
        var head = ledger.Head;
        // What is out of a tenant is with sessions, which count what they have set aside of it.
        if (head.Tenant is null)
            Count(head.IsOpened && !head.Standing.IsEnded, head.Standing.Reserved.NanoDollars);
    }

    /// <summary>Counts the session no more: the activation ends.</summary>
    public void CountNoMore() => Count(isOpen: false, reserved: 0);

    private void Count(bool isOpen, long reserved)
    {
        if (isOpen == isCountedOpen && reserved == countedReserved)
            return;
        services.Metrics.CountOpen((isOpen ? 1 : 0) - (isCountedOpen ? 1 : 0), reserved - countedReserved, tenant);
        (isCountedOpen, countedReserved) = (isOpen, reserved);
    }

    private static async Task<SessionAnswer> AnswerAsync(Decision decision, Task<SessionAnswer> end) => decision.AnswerBy(await end);

    private Task WriteAsync(IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0)
        {
            writes.Abandon();
            return writes.WhenDurable();
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is { Key: not null } entry)
                keys.Add(entry.KeyHash, entry.Sequence, writes.DurableSequence);
        }

        var next = clock.OnSilosClock(DueRules.Next(ledger, services.Spans));
        var dueAt = writes.DueAtFor(next, clock.OnSilosClock(clock.Last), DueRules.IsUnfinished(ledger.Head));
        var durable = writes.Append(entries, ledger.Head, dueAt, out var isToBeQueued);
        if (isToBeQueued)
            services.Writer.LaneOf(ledger.Head.SessionId).Enqueue(writes);
        awaited?.See(entries, durable);
        return durable;
    }

    // The head before the row: a row that is newer than the head stands in memory as well.
    private async Task<Evidence> ReadEvidenceAsync(LedgerMessage message)
    {
        var head = await ReadStoredHeadAsync();
        var row =
            head is not null && message is HolderWord { HolderLife: not 0 } word
                ? await services.Store.FindHolderAsync(head.SessionId, word.HolderId, word.HolderLife, CancellationToken.None)
                : null;
        return new Evidence
        {
            IsProven = true,
            AsOf = head?.Sequence ?? 0,
            Row = row is { IsOpen: false } ? row : null,
        };
    }

    // What a turn has changed before it broke off is nowhere but in memory: nothing may be told or decided on top of it.
    private LedgerLawViolationException BrokeOff(Exception cause)
    {
        isStale = true;
        writes.Abandon();
        return cause as LedgerLawViolationException ?? new LedgerLawViolationException($"A turn broke off: {cause.Message}", cause);
    }

    private void EnsureCanBegin()
    {
        if (isStale || !writes.TryBegin())
            throw CannotBegin();
    }

    private BudgetUnavailableException CannotBegin() =>
        (isStale ? LedgerWriter.Fenced() : writes.Fault as BudgetUnavailableException)
        ?? new BudgetUnavailableException(
            "The ledger's queue is full; nothing was recorded. Send the operation again later with the same key."
        );
}
