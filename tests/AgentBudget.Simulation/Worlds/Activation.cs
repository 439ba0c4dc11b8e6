namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// One activation of a ledger: what a silo's driver does around the machine. Loads, decides in one turn, has what was decided written, and
/// answers when that is durable. There can be several of one ledger; all but one are stale.
/// </summary>
internal sealed class Activation
{
    private readonly World world;
    private readonly ActivationClock clock;
    private readonly ActivationDue due;
    private readonly ActivationWrites writes;
    private readonly ActivationReads reads;
    private readonly ActivationTalk talk;
    private readonly HoldWaits holdWaits;
    private readonly Dictionary<long, List<Action<SessionAnswer>>> awaited = [];
    private readonly Dictionary<string, DateTimeOffset> heardOf = [];
    private readonly TenantDriver tenant;
    private readonly LineDriver line;
    private bool wasAskedBeforePurge;
    private DateTimeOffset lastAt;

    public Activation(World world, string id, TimeSpan skew)
    {
        (this.world, Id) = (world, id);
        var stored = world.Store.Find(id);
        Ledger = stored is not null
            ? SessionLedger.Restore(stored.Head, stored.OpenReservations.Values.ToArray(), stored.OpenRows.ToArray(), stored.Entries)
            : SessionLedger.New(id);
        lastAt = Ledger.Head.LastEntryAt;
        clock = new ActivationClock(world, skew, lastAt);
        due = new ActivationDue(world, Ledger, clock, stored?.DueAt ?? DateTimeOffset.MaxValue);
        writes = new ActivationWrites(world, Ledger, due);
        reads = new ActivationReads(world, Ledger, writes);
        talk = new ActivationTalk(world, Ledger, writes, clock);
        holdWaits = new HoldWaits(world, Ledger, writes);
        tenant = new TenantDriver(world, this, talk);
        line = new LineDriver(world, this);
    }

    public string Id { get; }

    public SessionLedger Ledger { get; }

    public bool IsDead => writes.IsDead;

    public DateTimeOffset Clock => clock.Now;

    public DateTimeOffset SilosClock => clock.OfSilo;

    public long Life => writes.Life;

    private Plants Plants => world.Plants;

    public void Die() => writes.Die();

    /// <summary>Decides a caller's command. The answer comes when it is durable, or never.</summary>
    public void Execute(SessionCommand command, Action<SessionAnswer> answer)
    {
        if (IsDead || line.Joins(command, answer) || tenant.AsksForAdmission(command, answer))
            return;
        Execute(command, admission: null, answer);
    }

    /// <summary>The same with what the tenant has said to it.</summary>
    public void Execute(SessionCommand command, LedgerMessage? admission, Action<SessionAnswer> answer)
    {
        if (IsDead)
            return;
        var decision = Decide(command, admission);
        line.Serve();
        if (line.Waits(command, decision.Answer, answer) || (decision.LacksParentsMoney && tenant.AsksForMoney(command, answer)))
        {
            writes.WhenDurable(Speak);
            return;
        }

        world.Events.Decided(decision);
        var hold = Ledger.Head.HoldNumber;
        if (decision.Awaited != 0)
        {
            if (!awaited.TryGetValue(decision.Awaited, out var list))
                awaited[decision.Awaited] = list = [];
            list.Add(end => answer(decision.AnswerBy(end)));
            Resolve(decision.Entries);
        }
        else if (command is PauseCommand or ResumeCommand or StopTenantCommand && decision.Answer.IsGranted)
        {
            writes.WhenDurable(() => holdWaits.Add(hold, command is not ResumeCommand, () => answer(decision.Answer)));
        }
        else
        {
            if (Plants.HasFlag(Plants.AnswerBeforeDurable))
                answer(decision.Answer);
            else
                writes.WhenDurable(() => answer(decision.Answer));
        }

        writes.WhenDurable(Speak);
    }

    /// <summary>Decides a command and has what was decided written.</summary>
    public Decision Decide(SessionCommand command, LedgerMessage? admission)
    {
        var decision = Ledger.Execute(command, reads.LookUp(command) with { Admission = admission }, Clock);
        Commit(decision.Entries, Clock);
        return decision;
    }

    /// <summary>Has something done when all that was decided so far is durable.</summary>
    public void WhenDurable(Action act) => writes.WhenDurable(act);

    /// <summary>Decides what another ledger says.</summary>
    public void Receive(LedgerMessage message, DateTimeOffset saidAt, Evidence evidence)
    {
        if (IsDead || tenant.IsAdmission(message) || tenant.HearsDefaultsFirst(message, saidAt))
            return;
        Ledger.ForgetClosed(writes.Durable, world.ClosedKept);
        if (message is HolderWord heard)
            heardOf[heard.HolderId] = world.Now;
        if (
            Plants.HasFlag(Plants.OneFlagForBothHolds)
            && message is ParentWord { IsPaused: false }
            && Ledger.Head.Breaker.PausedBy.HasFlag(PauseSources.Operator)
        )
            Commit(Ledger.Execute(new ResumeCommand(), LookUps.None, Clock).Entries, Clock);
        var now = Plants.HasFlag(Plants.NoCapOnMessageTimes) && message.Time > Clock ? message.Time : Clock;
        var wasOpened = Ledger.Head.IsOpened;
        var received = Ledger.Receive(message, evidence, now);
        WorldLaws.NoTraceIsLeft(message, wasOpened, received);
        WorldLaws.TimeHasTravelled(received.Entries, saidAt, Clock);
        Commit(received.Entries, Clock);
        line.Serve();
        if (received.NeedsEvidence)
        {
            ReadEvidence(message, saidAt);
            return;
        }

        if (received.Reply is { } reply)
            Reply(message, reply, received.Entries);
        if (message is ParentWord)
        {
            talk.ParentMayBeTold();
            // In the turn that heard it: by the time that a write is done the parent's store may have been restored.
            if (MayPurge())
            {
                writes.Purge();
                return;
            }
        }

        writes.WhenDurable(Speak);
        holdWaits.Answer();
        tenant.Heard();
    }

    /// <summary>What is due by the clock between a tenant and its holders.</summary>
    public void Tick()
    {
        if (IsDead)
            return;
        Commit(Ledger.ExpireDue(Clock), Clock);
        line.Serve();
        writes.WhenDurable(Speak);
    }

    /// <summary>Somebody looks at the ledger, and whoever loads it finds out what a crash has left unsaid.</summary>
    public void Read() => writes.WhenDurable(Speak);

    /// <summary>What the sweep does with a ledger that is due.</summary>
    public void Tend()
    {
        if (IsDead)
            return;
        var before = Ledger.Head.Sequence;
        // The sweep goes by what is durable: an activation that does not know of it is stale.
        if (world.Store.Find(Id) is not { } stored || stored.Head.Sequence > Ledger.Head.Sequence || stored.Head.Life != Life)
        {
            Die();
            return;
        }

        Commit(Ledger.ExpireDue(Clock), Clock);
        line.Serve();
        if (Plants.HasFlag(Plants.ReclaimByTimeOut))
            Reclaim();
        var isPurgeDue = Ledger.Head.Link is not null && IsOld();
        if (!due.IsUnfinished && !isPurgeDue)
        {
            writes.WhenDurable(() => Tended(before));
            return;
        }

        talk.InviteAgain();
        wasAskedBeforePurge = isPurgeDue;
        Ledger.DoubtParent(isPurgeDue);
        talk.ParentMayBeTold();
        writes.WhenDurable(() => SayAll(before));
    }

    private void SayAll(long before)
    {
        if (IsDead)
            return;
        if (!writes.IsAllDurable)
        {
            writes.WhenDurable(() => SayAll(before));
            return;
        }

        talk.SayToAll(isSwept: true);
        Speak();
        Tended(before);
    }

    // A silo waits some seconds for answers before it says when the ledger is due again; nothing depends on them.
    private void Tended(long before)
    {
        if (MayPurge())
            writes.Purge();
        else if (Ledger.Head.Sequence == before || !IsOld())
            writes.Tended();
    }

    private void Speak()
    {
        talk.Speak();
        tenant.ScheduleTick();
        if (writes.IsAllDurable || Plants.HasFlag(Plants.AnswerBeforeDurable))
            holdWaits.Answer();
    }

    private void Reply(LedgerMessage message, LedgerMessage reply, IReadOnlyList<Entry> written)
    {
        if (reply is ParentWord word && Plants.HasFlag(Plants.GrantNotRepeated) && message is HolderWord { AtLeast.NanoDollars: 0 })
            reply = word with { Granted = Money.Zero };
        if (PlantedDriver.IsSaidEarly(Plants, written))
            world.Send(reply);
        else
            writes.WhenDurable(() => world.Send(reply));
    }

    private bool IsOld() => DueRules.IsPastRetention(Ledger.Head, world.Spans, Clock);

    private bool MayPurge()
    {
        var head = Ledger.Head;
        if (!writes.IsAllDurable || !head.IsOpened)
            return false;
        if (PlantedDriver.IsPurgedEarly(Plants, head, IsOld()))
            return true;
        if (!IsOld())
            return false;
        // What the parent said before the purge was due may be of a store that has been restored since.
        return (head.Link is null || wasAskedBeforePurge || PlantedDriver.IsOldWordTaken(Plants)) && Ledger.IsSettledBetween;
    }

    // Planted: silence is taken for an end.
    private void Reclaim()
    {
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
                RowMark = row.Number,
                Time = Clock,
                State = HolderState.Unknown,
            };
            Commit(Ledger.Receive(word, Evidence.None, Clock).Entries, Clock);
        }
    }

    // The store is read after the message came, and the turn is some time after that: what was read can be overtaken.
    private void ReadEvidence(LedgerMessage message, DateTimeOffset saidAt)
    {
        if (PlantedDriver.FromMemory(Plants) is { } fromMemory)
        {
            world.After(world.Soon(), () => Receive(message, saidAt, fromMemory));
            return;
        }

        world.After(
            world.Soon(),
            () =>
            {
                if (IsDead)
                    return;
                if (reads.Prove(message) is not { } evidence)
                {
                    Die();
                    return;
                }

                world.Events.Count(WorldEvent.ClosedRowLookedUp, evidence.Row is not null);
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
        writes.Append(entries);
        if (awaited.Count > 0)
            Resolve(entries);
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
                writes.WhenDurable(entry.Sequence, () => tell(answer));
        }
    }
}
