namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// What one activation has decided, on its way to the store in batches, and what waits until it is durable. Dies with the first batch that
/// is fenced, and in a crash before a write or after it; then nothing of it happens any more.
/// </summary>
internal sealed class ActivationWrites
{
    private readonly World world;
    private readonly SessionLedger ledger;
    private readonly ActivationDue due;
    private readonly List<Entry> undurable = [];
    private readonly List<(long Sequence, Action Act)> whenDurable = [];
    private long life;
    private bool isWriting;

    public ActivationWrites(World world, SessionLedger ledger, ActivationDue due)
    {
        (this.world, this.ledger, this.due) = (world, ledger, due);
        (life, Durable) = (ledger.Head.Life, ledger.Head.Sequence);
    }

    public bool IsDead { get; private set; }

    /// <summary>The last entry that is durable.</summary>
    public long Durable { get; private set; }

    /// <summary>Whether all that was decided is.</summary>
    public bool IsAllDurable => Durable == ledger.Head.Sequence;

    /// <summary>What is decided and not durable.</summary>
    public IReadOnlyList<Entry> Undurable => undurable;

    /// <summary>The life that entries are written in.</summary>
    public long Life => life == 0 ? ledger.Head.Life : life;

    public void Die() => IsDead = true;

    public void Append(IReadOnlyList<Entry> entries)
    {
        undurable.AddRange(entries);
        due.Decided();
        if (!isWriting)
            Write();
    }

    /// <summary>Acts when all that is decided by now is durable.</summary>
    public void WhenDurable(Action act)
    {
        if (IsDead)
            return;
        if (ledger.Head.Sequence <= Durable)
            act();
        else
            WhenDurable(ledger.Head.Sequence, act);
    }

    /// <summary>Acts when the batch with an entry is written.</summary>
    public void WhenDurable(long sequence, Action act) => whenDurable.Add((sequence, act));

    /// <summary>Deletes the ledger, if it still is as it is here, and dies.</summary>
    public void Purge()
    {
        var stored = world.Store.Find(ledger.Head.SessionId);
        if (world.Store.Purge(ledger.Head.SessionId, life, Durable))
            world.Purged(stored!);
        Die();
    }

    /// <summary>The ledger was tended: what was decided since goes with a due time of its own.</summary>
    public void Tended()
    {
        due.Tended();
        if (IsDead || !IsAllDurable)
            return;
        due.Reschedule();
        world.Store.Reschedule(ledger.Head.SessionId, Life, Durable, due.Stored);
    }

    private void Write()
    {
        isWriting = true;
        world.After(world.WriteTime(), WriteNow);
    }

    private void WriteNow()
    {
        if (IsDead)
            return;
        var batch = undurable.ToArray();
        var isCrash = world.Chance(world.CrashRate);
        if (isCrash && world.Random.Next(2) == 0)
        {
            world.Events.Count(WorldEvent.CrashBeforeTheWrite);
            Die();
            return;
        }

        if (!world.Store.Append(ledger.Head.SessionId, Life, batch, ledger.Head, due.Stored))
        {
            world.Events.Count(WorldEvent.WriteFenced);
            Die();
            return;
        }

        (life, Durable) = (Life, batch[^1].Sequence);
        world.Written(ledger.Head.SessionId, batch);
        if (isCrash)
        {
            world.Events.Count(WorldEvent.CrashBetweenWriteAndAnswer);
            Die();
            return;
        }

        undurable.RemoveRange(0, batch.Length);
        isWriting = false;
        if (undurable.Count > 0)
            Write();
        var waited = whenDurable.Where(waiter => waiter.Sequence <= Durable).ToArray();
        whenDurable.RemoveAll(waiter => waiter.Sequence <= Durable);
        foreach (var (_, act) in waited)
            act();
    }
}
