using AgentBudget.Orleans.Writing;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// One session of one activation: the ledger, its journal and its keys. Decides each command in one turn, without an await between
/// the check and the change, and answers when everything that the answer stands on is durable. Runs on the activation's scheduler.
/// </summary>
internal sealed class ActiveSession(LoadedSession loaded, SessionServices services)
{
    private readonly SessionLedger ledger = loaded.Ledger;
    private readonly RecentKeys keys = loaded.Keys;
    private readonly SessionJournal journal = services.Writer.JournalOf(loaded.Ledger.Head.Sequence, loaded.DueAt);
    private SessionClock clock = new(services.Time, loaded.Ledger.Head.LastEntryAt);
    private bool isCountedOpen;
    private long countedReserved;

    /// <summary>The session as decided, which may be ahead of what is durable.</summary>
    public SessionLedger Ledger => ledger;

    /// <summary>Whether an append failed: nothing can be decided here any more.</summary>
    public bool IsFaulted => journal.Fault is not null;

    /// <summary>Whether it is better served by another activation now.</summary>
    public bool EndsActivation => journal.EndsActivation;

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
        if (!journal.TryBegin())
            throw CannotBegin();
        var now = clock.Now(services.Time);
        var overage = ledger.Head.Standing.Overage;
        if (command.NeedsPrice && lookUps.Prior is null)
            lookUps = lookUps with { Price = services.Pricer.Price(command, ledger, lookUps, now) };
        var decision = ledger.Execute(command, lookUps, now);
        services.Metrics.Decided(decision.Answer, decision.Entries, overage);
        Count();
        return new Decided(decision.Answer, CommitAsync(decision.Entries));
    }

    /// <summary>Expires what is due, ends when that is durable, and gives the session's time.</summary>
    public async Task<DateTimeOffset> ExpireDueAsync()
    {
        var now = clock.Now(services.Time);
        if (ledger.NextDue > now)
            return now;
        if (!journal.TryBegin())
            throw CannotBegin();
        var entries = ledger.ExpireDue(now);
        services.Metrics.Expired(entries);
        Count();
        await CommitAsync(entries);
        return now;
    }

    /// <summary>Ends when everything decided so far is durable, so that it may be told.</summary>
    public Task WhenDurableAsync() => journal.WhenDurable();

    /// <summary>Stores a new due time when nothing was written that carries one.</summary>
    public async Task RescheduleAsync(DateTimeOffset dueAt)
    {
        var (life, sequence) = (ledger.Head.Life, ledger.Head.Sequence);
        await journal.WhenDurable();
        if (sequence != ledger.Head.Sequence)
            return;
        var stored = clock.OnSilosClock(dueAt);
        await services.Store.RescheduleAsync(ledger.Head.SessionId, life, sequence, stored, CancellationToken.None);
        journal.Rescheduled(stored);
    }

    /// <summary>Sees to it that the sweep finds the session in time when the silo's clock was set back since the due time was
    /// stored.</summary>
    public async Task LeaveToTheSweepAsync()
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
        services.Metrics.Holds((isOpen ? 1 : 0) - (isCountedOpen ? 1 : 0), reserved - countedReserved);
        (isCountedOpen, countedReserved) = (isOpen, reserved);
    }

    private Task CommitAsync(IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0)
        {
            journal.Abandon();
            return journal.WhenDurable();
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is { Key: not null } entry)
                keys.Add(entry.KeyHash, entry.Sequence, journal.DurableSequence);
        }

        var wanted = clock.OnSilosClock(DueTimes.Wanted(ledger, services.Options.Retention));
        var dueAt = journal.DueAtFor(wanted, clock.OnSilosClock(clock.Last));
        var durable = journal.Append(entries, ledger.Head, dueAt, out var isToBeQueued);
        if (isToBeQueued)
            services.Writer.LaneOf(ledger.Head.SessionId).Enqueue(journal);
        return durable;
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
            var asOf = journal.DurableSequence;
            var prior = command.Key is { } key ? await FindByKeyAsync(sessionId, key, command.KeyHash) : null;
            if (prior is not null)
            {
                await journal.WhenDurable();
                return new LookUps { Prior = prior };
            }

            var target = ledger.EntryToLookUp(command);
            var lookUps = LookUps.None;
            if (target != 0)
            {
                // The entry, and those that depend on it, may be on their way to the store.
                await journal.WhenDurable();
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
            await journal.WhenDurable();
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
        journal.Fault as BudgetUnavailableException
        ?? new BudgetUnavailableException(
            "The ledger's queue is full; nothing was recorded. Send the operation again later with the same key."
        );
}

/// <summary>An answer, and the task that ends when it may be given.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Durable">Ends when all that the answer stands on is durable; fails when that is unknown.</param>
internal readonly record struct Decided(SessionAnswer Answer, Task Durable);
