namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// One activation of a ledger: what a silo's driver does around the machine. Loads, decides in one turn, writes what was decided in
/// batches, and answers and speaks when that is durable. There can be several of one ledger; all but one are stale.
/// </summary>
internal sealed class Activation
{
    private static readonly TimeSpan HoldWait = TimeSpan.FromSeconds(5);

    private readonly World world;
    private readonly List<Entry> undurable = [];
    private readonly List<(long Sequence, Action Act)> whenDurable = [];
    private readonly Dictionary<long, List<Action<SessionAnswer>>> awaited = [];
    private readonly List<(long HoldNumber, Action<int> Tell)> holdWaits = [];
    private readonly HashSet<string> invited = [];
    private readonly Dictionary<string, DateTimeOffset> heardOf = [];
    private readonly TimeSpan skew;
    private long life;
    private long durable;
    private long holdTold;
    private bool isWriting;
    private bool wasAskedBeforePurge;
    private DateTimeOffset spokeAt;
    private DateTimeOffset lastAt;
    private (Money AtLeast, long From, long To, int Epoch) lastSaid;
    private DateTimeOffset lastSaidAt;

    public Activation(World world, string id, TimeSpan skew)
    {
        (this.world, Id, this.skew) = (world, id, skew);
        if (world.Store.Find(id) is not { } stored)
        {
            Ledger = SessionLedger.New(id);
            return;
        }

        Ledger = SessionLedger.Restore(stored.Head, stored.OpenReservations.Values.ToArray(), stored.OpenRows.ToArray(), stored.Entries);
        (life, durable, lastAt) = (stored.Head.Life, stored.Head.Sequence, stored.Head.LastEntryAt);
    }

    public string Id { get; }

    public SessionLedger Ledger { get; }

    public bool IsDead { get; private set; }

    public DateTimeOffset Clock => world.Now + skew;

    private Plants Plants => world.Plants;

    public long Life => life == 0 ? Ledger.Head.Life : life;

    public void Die() => IsDead = true;

    /// <summary>Decides a caller's command. The answer comes when it is durable, or never.</summary>
    public void Execute(SessionCommand command, Action<SessionAnswer> answer)
    {
        if (!CheckBegin())
            return;
        var decision = Ledger.Execute(command, LookUp(command), Clock);
        world.Events.Decided(decision);
        Commit(decision.Entries, Clock);
        var hold = Ledger.Head.HoldNumber;
        if (decision.Awaited != 0)
        {
            if (!awaited.TryGetValue(decision.Awaited, out var list))
                awaited[decision.Awaited] = list = [];
            list.Add(answer);
            Resolve(decision.Entries);
        }
        else if (command is PauseCommand or ResumeCommand && decision.Answer.IsGranted)
        {
            WhenDurable(() => WaitForHold(hold, notTold => answer(decision.Answer), command is PauseCommand));
        }
        else
        {
            if (Plants.HasFlag(Plants.AnswerBeforeDurable))
                answer(decision.Answer);
            else
                WhenDurable(() => answer(decision.Answer));
        }

        WhenDurable(Speak);
    }

    /// <summary>Decides what another ledger says.</summary>
    public void Receive(LedgerMessage message, DateTimeOffset saidAt, Evidence evidence)
    {
        if (!CheckBegin())
            return;
        if (message is HolderWord heard)
            heardOf[heard.HolderId] = world.Now;
        if (
            Plants.HasFlag(Plants.OneFlagForBothHolds)
            && message is ParentWord { IsHeld: false }
            && Ledger.Head.Breaker.PausedBy.HasFlag(PauseSources.Operator)
        )
            Commit(Ledger.Execute(new ResumeCommand(), LookUps.None, Clock).Entries, Clock);
        var now = Plants.HasFlag(Plants.NoCapOnMessageTimes) && message.Time > Clock ? message.Time : Clock;
        var received = Ledger.Receive(message, evidence, now);
        WorldLaws.TimeHasTravelled(received.Entries, saidAt, Clock);
        Commit(received.Entries, Clock);
        if (received.NeedsEvidence)
        {
            ReadEvidence(message, saidAt);
            return;
        }

        if (received.Reply is { } reply)
        {
            if (reply is ParentWord word && Plants.HasFlag(Plants.GrantNotRepeated) && message is HolderWord { AtLeast.NanoDollars: 0 })
                reply = word with { Granted = Money.Zero };
            var isEarly =
                Plants.HasFlag(Plants.AnswerBeforeDurable)
                || (Plants.HasFlag(Plants.RowInMemoryOnly) && received.Entries.Any(entry => entry.Kind == EntryKind.HolderRegistered));
            if (isEarly)
                world.Send(reply);
            else
                WhenDurable(() => world.Send(reply));
        }

        if (message is ParentWord)
        {
            spokeAt = default;
            // In the turn that heard it: by the time that a write is done the parent's store may have been restored.
            if (MayPurge())
            {
                Purge();
                return;
            }
        }

        WhenDurable(Speak);
        TellHolds();
    }

    /// <summary>What the sweep does with a ledger that is due.</summary>
    public void Tend()
    {
        if (!CheckBegin())
            return;
        // The sweep goes by what is durable: an activation that does not know of it is stale.
        if (world.Store.Find(Id) is not { } stored || stored.Head.Sequence > Ledger.Head.Sequence || stored.Head.Life != Life)
        {
            Die();
            return;
        }

        Commit(Ledger.ExpireDue(Clock), Clock);
        Reclaim();
        invited.Clear();
        wasAskedBeforePurge = IsOld();
        Ledger.DoubtParent(isPurgeDue: wasAskedBeforePurge);
        spokeAt = default;
        WhenDurable(SayAll);
    }

    private void SayAll()
    {
        if (IsDead)
            return;
        if (durable != Ledger.Head.Sequence)
        {
            WhenDurable(SayAll);
            return;
        }

        foreach (var row in Ledger.OpenHolders.Values.ToArray())
            Say(row, wantsAnswer: true);
        Speak();
        if (MayPurge())
            Purge();
    }

    private bool IsOld() => Ledger.Head.EndedAt is { } ended && ended + world.Retention <= Clock;

    private bool MayPurge()
    {
        var head = Ledger.Head;
        if (durable != head.Sequence || !head.IsOpened)
            return false;
        if (Plants.HasFlag(Plants.PurgeWithOpenRows) && head.IsOver && head.OpenHolders > 0)
            return true;
        if (!IsOld())
            return false;
        if (Plants.HasFlag(Plants.PurgeBeforeAcknowledged) && head.OpenHolders == 0)
            return true;
        // What the parent said before the purge was due may be of a store that has been restored since.
        return (head.Link is null || wasAskedBeforePurge || Plants.HasFlag(Plants.PurgeOnOldWord)) && Ledger.IsSettledBetween;
    }

    private void Purge()
    {
        var stored = world.Store.Find(Id);
        if (world.Store.Purge(Id, life, durable))
            world.Purged(stored!);
        Die();
    }

    // Planted: silence is taken for an end.
    private void Reclaim()
    {
        if (!Plants.HasFlag(Plants.ReclaimByTimeOut))
            return;
        foreach (var row in Ledger.OpenHolders.Values.Where(row => row.HolderLife != 0).ToArray())
        {
            if (heardOf.TryAdd(row.HolderId, world.Now) || world.Now - heardOf[row.HolderId] < TimeSpan.FromSeconds(15))
                continue;
            var head = Ledger.Head;
            var word = new HolderWord
            {
                HolderId = row.HolderId,
                HolderLife = row.HolderLife,
                ParentId = Id,
                ParentLife = head.Life,
                RowNumber = row.Number,
                Time = Clock,
                State = HolderState.Unknown,
            };
            Commit(Ledger.Receive(word, Evidence.None, Clock).Entries, Clock);
        }
    }

    private bool CheckBegin() => !IsDead;

    private LookUps LookUp(SessionCommand command)
    {
        var stored = world.Store.Find(Id);
        if (stored is not null && stored.Head.Life != Ledger.Head.Life)
            stored = null;
        var number = Ledger.EntryToLookUp(command);
        var entries = (stored?.Entries ?? []).Take((int)durable).Concat(undurable).ToList();
        return new LookUps
        {
            Prior = command.Key is { } key ? stored?.Keys.GetValueOrDefault(key) ?? undurable.Find(entry => entry.Key == key) : null,
            Target = number >= 1 && number <= entries.Count ? entries[(int)number - 1] : null,
            Related = number == 0 ? [] : entries.Where(entry => entry.IsRelatedLookup && entry.Related == number).ToArray(),
        };
    }

    // The store is read after the message came, and the turn is some time after that: what was read can be overtaken.
    private void ReadEvidence(LedgerMessage message, DateTimeOffset saidAt)
    {
        if (Plants.HasFlag(Plants.UnknownFromMemory))
        {
            world.After(world.Soon(), () => Receive(message, saidAt, new Evidence { IsProven = true, AsOf = long.MaxValue }));
            return;
        }

        world.After(
            world.Soon(),
            () =>
            {
                if (IsDead)
                    return;
                var stored = world.Store.Find(Id);
                var isStale =
                    (stored?.Head.Sequence ?? 0) > Ledger.Head.Sequence
                    || (stored is not null && stored.Head.Life != Ledger.Head.Life)
                    || (stored is null && durable > 0);
                if (isStale)
                {
                    Die();
                    return;
                }

                var word = message as HolderWord;
                var row = stored?.Rows.Values.FirstOrDefault(row =>
                    !row.IsOpen && row.HolderId == message.HolderId && row.HolderLife == word?.HolderLife
                );
                var evidence = new Evidence
                {
                    IsProven = true,
                    AsOf = stored?.Head.Sequence ?? 0,
                    Row = row,
                };
                world.After(world.Soon(), () => Receive(message, saidAt, evidence));
            }
        );
    }

    private void Commit(IReadOnlyList<Entry> entries, DateTimeOffset clock)
    {
        if (entries.Count == 0)
            return;
        WorldLaws.Decided(Id, entries, clock, lastAt);
        lastAt = entries[^1].At;
        undurable.AddRange(entries);
        if (awaited.Count > 0)
            Resolve(entries);
        if (!isWriting)
            Write();
    }

    private void Resolve(IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Related == 0 || !awaited.TryGetValue(entry.Related, out var answers))
                continue;
            if (Ledger.AnswerTo(entry.Related, entry) is not { } answer)
                continue;
            awaited.Remove(entry.Related);
            foreach (var tell in answers)
                whenDurable.Add((entry.Sequence, () => tell(answer)));
        }
    }

    private void Write()
    {
        isWriting = true;
        world.After(
            world.WriteTime(),
            () =>
            {
                if (IsDead)
                    return;
                var batch = undurable.ToArray();
                var head = Ledger.Head;
                var isLost = world.Chance(world.CrashRate);
                if (isLost && world.Random.Next(2) == 0)
                {
                    world.Events.Count(WorldEvent.CrashBeforeTheWrite);
                    Die();
                    return;
                }

                if (!world.Store.Append(Id, life == 0 ? head.Life : life, batch, head))
                {
                    world.Events.Count(WorldEvent.WriteFenced);
                    Die();
                    return;
                }

                if (life == 0)
                    life = head.Life;
                durable = batch[^1].Sequence;
                world.Written(Id, batch);
                if (isLost)
                {
                    world.Events.Count(WorldEvent.CrashBetweenWriteAndAnswer);
                    Die();
                    return;
                }

                undurable.RemoveRange(0, batch.Length);
                isWriting = false;
                if (undurable.Count > 0)
                    Write();
                var due = whenDurable.Where(waiter => waiter.Sequence <= durable).ToArray();
                whenDurable.RemoveAll(waiter => waiter.Sequence <= durable);
                foreach (var (_, act) in due)
                    act();
            }
        );
    }

    private void WhenDurable(Action act)
    {
        if (IsDead)
            return;
        if (Ledger.Head.Sequence <= durable)
            act();
        else
            whenDurable.Add((Ledger.Head.Sequence, act));
    }

    // All that is owed, as the machine says it: to the parent, to holders that are not registered, and to all where a hold changed.
    private void Speak()
    {
        if (IsDead)
            return;
        // A word says what was decided; it may go out when that is durable.
        if (durable != Ledger.Head.Sequence && !Plants.HasFlag(Plants.AnswerBeforeDurable))
        {
            WhenDurable(Speak);
            return;
        }

        foreach (var row in Ledger.OpenHolders.Values.ToArray())
        {
            if (row.HolderLife == 0 && row.Number <= durable && invited.Add(row.HolderId))
                Say(row, wantsAnswer: false);
        }

        var mark = Math.Max(Ledger.Head.HoldNumber, Ledger.Head.IsOver ? long.MaxValue : 0);
        if (mark > holdTold)
        {
            holdTold = mark;
            foreach (var row in Ledger.OpenHolders.Values.ToArray())
                Say(row, wantsAnswer: true);
        }

        SpeakToParent();
        TellHolds();
    }

    private void SpeakToParent()
    {
        if (!Ledger.OwesParent || spokeAt != default)
            return;
        var isEarly = Plants.HasFlag(Plants.GiveBackBeforeDurable);
        if (!isEarly && durable != Ledger.Head.Sequence)
            return;
        var (after, through) = Ledger.ToReport;
        IEnumerable<Entry> entries = world.Store.Find(Id)?.Entries ?? [];
        if (isEarly)
            entries = entries.Take((int)durable).Concat(undurable);
        var range = through == 0 ? [] : entries.Skip((int)after).Take(Math.Min(world.ReportPage, (int)(through - after))).ToArray();
        var word = Ledger.WordForParent(range, Clock);
        var saying = (word.AtLeast, word.Report?.From ?? 0, word.Report?.To ?? 0, word.Report?.Epoch ?? 0);
        if (saying == lastSaid && world.Now - lastSaidAt < TimeSpan.FromSeconds(1))
        {
            // It was answered, and is owed all the same: not again at once.
            spokeAt = world.Now;
            var waits = spokeAt;
            world.After(TimeSpan.FromSeconds(1), () => SpeakAgain(waits));
            return;
        }

        (lastSaid, lastSaidAt) = (saying, world.Now);
        spokeAt = world.Now;
        var said = world.Now;
        // Not answered: said again as long as something is owed.
        world.After(TimeSpan.FromSeconds(3), () => SpeakAgain(said));
        world.Send(PlantedMessages.Sent(word, Plants, Ledger.Head, range));
    }

    private void SpeakAgain(DateTimeOffset said)
    {
        if (spokeAt != said || IsDead)
            return;
        spokeAt = default;
        SpeakToParent();
    }

    private void Say(HolderRow row, bool wantsAnswer)
    {
        if (row.Number > durable)
            return;
        var message = Ledger.WordForHolder(row, Clock, wantsAnswer);
        if (message is ParentWord word && Plants.HasFlag(Plants.GrantNotRepeated))
            message = word with { Granted = Money.Zero };
        world.Send(message);
    }

    private void WaitForHold(long number, Action<int> tell, bool isPause)
    {
        if (IsDead)
            return;
        if (Plants.HasFlag(Plants.PauseAnsweredEarly))
        {
            Told(number, isPause);
            tell(0);
            return;
        }

        holdWaits.Add(
            (
                number,
                notTold =>
                {
                    if (notTold == 0)
                        Told(number, isPause);
                    tell(notTold);
                }
            )
        );
        TellHolds();
        world.After(
            HoldWait,
            () =>
            {
                var late = holdWaits.FindAll(wait => wait.HoldNumber == number);
                holdWaits.RemoveAll(wait => wait.HoldNumber == number);
                if (!IsDead)
                    late.ForEach(wait => wait.Tell(Ledger.HoldersNotTold));
            }
        );
    }

    private void Told(long number, bool isPause)
    {
        // A pause that is asked for again may have been let go meanwhile.
        if (isPause && number == Ledger.Head.HoldNumber && Ledger.Head.Breaker.PausedBy != PauseSources.None)
        {
            world.Events.Count(WorldEvent.HoldAnsweredAsToldToAll, Ledger.OpenHolders.Count > 0);
            world.Laws.HoldAnswered(Id, Ledger.Head, Ledger.OpenHolders.Values.Where(row => row.HolderLife != 0));
        }
    }

    private void TellHolds()
    {
        if (holdWaits.Count == 0 || IsDead || Ledger.HoldersNotTold > 0)
            return;
        var all = holdWaits.ToArray();
        holdWaits.Clear();
        foreach (var (_, tell) in all)
            tell(0);
    }
}
