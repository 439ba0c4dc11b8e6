namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// One activation of a ledger: what a silo's driver does around the machine. Loads, decides in one turn, has what was decided written, and
/// answers when that is durable. There can be several of one ledger; all but one are stale.
/// </summary>
internal sealed class Activation
{
    private readonly World world;
    private readonly TimeSpan skew;
    private readonly ActivationWrites writes;
    private readonly ActivationReads reads;
    private readonly ActivationTalk talk;
    private readonly HoldWaits holdWaits;
    private readonly Dictionary<long, List<Action<SessionAnswer>>> awaited = [];
    private readonly Dictionary<string, DateTimeOffset> heardOf = [];
    private readonly TenantDriver tenant;
    private bool wasAskedBeforePurge;
    private DateTimeOffset lastAt;

    public Activation(World world, string id, TimeSpan skew)
    {
        (this.world, Id, this.skew) = (world, id, skew);
        Ledger = world.Store.Find(id) is { } stored
            ? SessionLedger.Restore(stored.Head, stored.OpenReservations.Values.ToArray(), stored.OpenRows.ToArray(), stored.Entries)
            : SessionLedger.New(id);
        lastAt = Ledger.Head.LastEntryAt;
        writes = new ActivationWrites(world, Ledger);
        reads = new ActivationReads(world, Ledger, writes);
        talk = new ActivationTalk(world, Ledger, writes, skew);
        holdWaits = new HoldWaits(world, Ledger, writes);
        tenant = new TenantDriver(world, this, talk);
    }

    public string Id { get; }

    public SessionLedger Ledger { get; }

    public bool IsDead => writes.IsDead;

    public DateTimeOffset Clock => world.Now + skew;

    public long Life => writes.Life;

    private Plants Plants => world.Plants;

    public void Die() => writes.Die();

    /// <summary>Decides a caller's command. The answer comes when it is durable, or never.</summary>
    public void Execute(SessionCommand command, Action<SessionAnswer> answer)
    {
        if (IsDead || tenant.AsksForAdmission(command, answer))
            return;
        Execute(command, admission: null, answer);
    }

    /// <summary>The same with what the tenant has said to it.</summary>
    public void Execute(SessionCommand command, LedgerMessage? admission, Action<SessionAnswer> answer)
    {
        if (IsDead)
            return;
        var decision = Ledger.Execute(command, reads.LookUp(command) with { Admission = admission }, Clock);
        Commit(decision.Entries, Clock);
        if (decision.LacksParentsMoney && tenant.AsksForMoney(command, answer))
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
        else if (command is PauseCommand or ResumeCommand && decision.Answer.IsGranted)
        {
            writes.WhenDurable(() => holdWaits.Add(hold, command is PauseCommand, () => answer(decision.Answer)));
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

    /// <summary>Decides what another ledger says.</summary>
    public void Receive(LedgerMessage message, DateTimeOffset saidAt, Evidence evidence)
    {
        if (IsDead || tenant.IsAdmission(message))
            return;
        if (message is HolderWord heard)
            heardOf[heard.HolderId] = world.Now;
        if (
            Plants.HasFlag(Plants.OneFlagForBothHolds)
            && message is ParentWord { IsPaused: false }
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
        writes.WhenDurable(Speak);
    }

    /// <summary>What the sweep does with a ledger that is due.</summary>
    public void Tend()
    {
        if (IsDead)
            return;
        // The sweep goes by what is durable: an activation that does not know of it is stale.
        if (world.Store.Find(Id) is not { } stored || stored.Head.Sequence > Ledger.Head.Sequence || stored.Head.Life != Life)
        {
            Die();
            return;
        }

        Commit(Ledger.ExpireDue(Clock), Clock);
        if (Plants.HasFlag(Plants.ReclaimByTimeOut))
            Reclaim();
        talk.InviteAgain();
        wasAskedBeforePurge = IsOld();
        Ledger.DoubtParent(isPurgeDue: wasAskedBeforePurge);
        talk.ParentMayBeTold();
        writes.WhenDurable(SayAll);
    }

    private void SayAll()
    {
        if (IsDead)
            return;
        if (!writes.IsAllDurable)
        {
            writes.WhenDurable(SayAll);
            return;
        }

        talk.SayToAll();
        Speak();
        if (MayPurge())
            writes.Purge();
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
        var isEarly =
            Plants.HasFlag(Plants.AnswerBeforeDurable)
            || (Plants.HasFlag(Plants.RowInMemoryOnly) && written.Any(entry => entry.Kind == EntryKind.HolderRegistered));
        if (isEarly)
            world.Send(reply);
        else
            writes.WhenDurable(() => world.Send(reply));
    }

    private bool IsOld() => Ledger.Head.EndedAt is { } ended && ended + world.Retention <= Clock;

    private bool MayPurge()
    {
        var head = Ledger.Head;
        if (!writes.IsAllDurable || !head.IsOpened)
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
                RowNumber = row.Number,
                Time = Clock,
                State = HolderState.Unknown,
            };
            Commit(Ledger.Receive(word, Evidence.None, Clock).Entries, Clock);
        }
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
                if (reads.Prove(message) is { } evidence)
                    world.After(world.Soon(), () => Receive(message, saidAt, evidence));
                else
                    Die();
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
