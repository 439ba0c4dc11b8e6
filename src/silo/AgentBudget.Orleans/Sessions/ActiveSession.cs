using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Writing;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// One session of one activation: the ledger, its writes and its keys. Decides each command in one turn, without an await between
/// the check and the change, and answers when everything that the answer stands on is durable. Runs on the activation's scheduler.
/// </summary>
internal sealed class ActiveSession(LoadedSession loaded, SessionServices services)
{
    // Each look at the store can be overtaken by what this session itself writes.
    private const int MostReadings = 4;

    private readonly SessionLedger ledger = loaded.Ledger;
    private readonly RecentKeys keys = loaded.Keys;
    private readonly SessionWrites writes = services.Writer.WritesOf(loaded.Ledger.Head.Sequence, loaded.DueAt);
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
    public DateTimeOffset NextDue => ledger.NextDue;

    /// <summary>How long that is from the last turn on.</summary>
    public TimeSpan DueIn => ledger.NextDue - clock.Last;

    /// <summary>Whether the command needs something of the timeline before it can be decided.</summary>
    public bool NeedsLookUp(SessionCommand command) =>
        (command.Key is not null && (!command.IsKeyFresh || keys.Find(command.KeyHash) is not null)) || ledger.EntryToLookUp(command) != 0;

    /// <summary>Looks up what the command needs, then decides it.</summary>
    public async Task<Decided> LookUpAndDecideAsync(SessionCommand command) => Decide(command, await LookUpAsync(command));

    /// <summary>Decides a command. There is no await in here: check and change are one turn.</summary>
    /// <exception cref="BudgetUnavailableException">The session reloads, or the queue is full; nothing happened.</exception>
    public Decided Decide(SessionCommand command, LookUps lookUps)
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

        services.Metrics.Decided(decision.Answer, decision.Entries, overage);
        Count();
        // Asked for before the entries are seen: the operation may end with one of them.
        var ended = decision.Awaited == 0 ? null : AnswerAsync(decision, (awaited ??= new AwaitedAnswers(ledger)).Of(decision.Awaited));
        return new Decided(decision.Answer, WriteAsync(decision.Entries), ended);
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

            services.Metrics.Decided(received.Entries);
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
        var stored = (await services.Store.LoadAsync(ledger.Head.SessionId, CancellationToken.None))?.Head;
        var isBehind = stored is null
            ? before.DurableSequence > 0
            : stored.Sequence > ledger.Head.Sequence || stored.Life != ledger.Head.Life;
        if (!isBehind)
            return stored;
        isStale = true;
        throw LedgerWriter.Fenced();
    }

    /// <summary>The session's time.</summary>
    public DateTimeOffset Now() => clock.Now(services.Time);

    /// <summary>Those who wait for other ledgers wait no more: what was decided here cannot be trusted.</summary>
    public void FailAwaited() => awaited?.Fail(CannotBegin());

    /// <summary>Expires what is due, ends when that is durable, and gives the session's time.</summary>
    public async Task<DateTimeOffset> ExpireDueAsync()
    {
        var now = clock.Now(services.Time);
        if (ledger.NextDue > now)
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

        services.Metrics.Decided(entries);
        Count();
        await WriteAsync(entries);
        return now;
    }

    /// <summary>Ends when everything decided so far is durable, so that it may be told.</summary>
    public Task WhenDurableAsync() => writes.WhenDurable();

    /// <summary>Stores a new due time when nothing was written that carries one.</summary>
    public async Task RescheduleAsync(DateTimeOffset dueAt)
    {
        var (life, sequence) = (ledger.Head.Life, ledger.Head.Sequence);
        await writes.WhenDurable();
        if (sequence != ledger.Head.Sequence)
            return;
        var stored = clock.OnSilosClock(dueAt);
        await services.Store.RescheduleAsync(ledger.Head.SessionId, life, sequence, stored, CancellationToken.None);
        writes.Rescheduled(stored);
    }

    /// <summary>Sees to it that the sweep finds the session in time when the silo's clock was set back since the due time was
    /// stored.</summary>
    public async Task HandToTheSweepAsync()
    {
        clock.Now(services.Time);
        if (clock.Ahead > TimeSpan.Zero)
            await RescheduleAsync(DueTimes.Wanted(ledger, services.Options.Retention));
    }

    /// <summary>Counts the session, as it stands now, among those that the silo holds.</summary>
    public void Count()
    {
        var head = ledger.Head;
        Count(head.IsOpened && !head.Standing.IsEnded, head.Standing.Reserved.NanoDollars);
    }

    /// <summary>Counts the session no more: the activation ends.</summary>
    public void CountNoMore() => Count(isOpen: false, reserved: 0);

    private void Count(bool isOpen, long reserved)
    {
        if (isOpen == isCountedOpen && reserved == countedReserved)
            return;
        services.Metrics.CountOpen((isOpen ? 1 : 0) - (isCountedOpen ? 1 : 0), reserved - countedReserved);
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

        var wanted = clock.OnSilosClock(DueTimes.Wanted(ledger, services.Options.Retention));
        var dueAt = writes.DueAtFor(wanted, clock.OnSilosClock(clock.Last));
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

    /// <summary>
    /// Reads what the command needs of the timeline. What was read can be overtaken while it is read, by entries of this activation:
    /// then it is read again.
    /// </summary>
    private async Task<LookUps> LookUpAsync(SessionCommand command)
    {
        var sessionId = ledger.Head.SessionId;
        while (true)
        {
            var asOf = writes.DurableSequence;
            var prior = command.Key is { } key ? await FindByKeyAsync(sessionId, key, command.KeyHash) : null;
            if (prior is not null)
            {
                await writes.WhenDurable();
                return new LookUps { Prior = prior };
            }

            var target = ledger.EntryToLookUp(command);
            var lookUps = LookUps.None;
            if (target != 0)
            {
                // The entry, and those that depend on it, may be on their way to the store.
                await writes.WhenDurable();
                var relatedAsOf = ledger.Head.LastRelatedSequence;
                lookUps = await ReadTargetAsync(sessionId, target);
                if (ledger.Head.LastRelatedSequence != relatedAsOf)
                    continue;
            }

            if (IsStillUnknown(command, asOf) && ledger.EntryToLookUp(command) == target)
                return lookUps;
        }
    }

    // A hash that is known from before the look-up is a collision: the store has said that the key itself does not stand.
    private bool IsStillUnknown(SessionCommand command, long asOf) =>
        command.Key is null || (keys.ForgottenThrough <= asOf && (keys.Find(command.KeyHash) is not { } sequence || sequence <= asOf));

    private async Task<Entry?> FindByKeyAsync(string sessionId, string key, ulong keyHash)
    {
        if (keys.Find(keyHash) is { } sequence)
        {
            await writes.WhenDurable();
            var entries = await services.Store.ReadAsync(sessionId, sequence, 1, CancellationToken.None);
            if (entries.Count == 1 && entries[0].Key == key)
                return entries[0];
        }

        return await services.Store.FindByKeyAsync(sessionId, key, CancellationToken.None);
    }

    private async Task<LookUps> ReadTargetAsync(string sessionId, long sequence)
    {
        var entries = sequence > 0 ? await services.Store.ReadAsync(sessionId, sequence, 1, CancellationToken.None) : [];
        if (entries.Count == 0)
            return LookUps.None;
        return new LookUps
        {
            Target = entries[0],
            Related = await services.Store.FindRelatedAsync(sessionId, sequence, CancellationToken.None),
        };
    }

    private BudgetUnavailableException CannotBegin() =>
        (isStale ? LedgerWriter.Fenced() : writes.Fault as BudgetUnavailableException)
        ?? new BudgetUnavailableException(
            "The ledger's queue is full; nothing was recorded. Send the operation again later with the same key."
        );
}

/// <summary>An answer, and the task that ends when it may be given.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Durable">Ends when all that the answer stands on is durable; fails when that is unknown.</param>
/// <param name="Ended">The answer once other ledgers have done their part; null when none has a part in it.</param>
internal readonly record struct Decided(SessionAnswer Answer, Task Durable, Task<SessionAnswer>? Ended);

/// <summary>What is said to a message, and the task that ends when it may be said.</summary>
/// <param name="Reply">What is said; null for nothing.</param>
/// <param name="Durable">Ends when all that it stands on is durable; fails when that is unknown.</param>
internal readonly record struct Heard(LedgerMessage? Reply, Task Durable);
