namespace AgentBudget.Simulation.Worlds;

/// <summary>A few ledgers without faults: every command is durable at once, and words go to and fro until nobody has anything to
/// say.</summary>
internal sealed class Family
{
    private readonly Dictionary<string, (SessionLedger Ledger, List<Entry> Entries)> ledgers = [];

    public DateTimeOffset Now { get; private set; } = World.Start;

    public SessionLedger this[string id] => Of(id).Ledger;

    public IReadOnlyList<Entry> Entries(string id) => Of(id).Entries;

    /// <summary>Runs a command, and gives the answer that its caller gets in the end.</summary>
    public SessionAnswer Run(string id, SessionCommand command) => Finish(id, Start(id, command));

    /// <summary>Runs a command and lets nobody speak yet.</summary>
    public Decision Start(string id, SessionCommand command)
    {
        Now = Now.AddMilliseconds(1);
        var (ledger, entries) = Of(id);
        var number = ledger.EntryToLookUp(command);
        var decision = ledger.Execute(
            command,
            new LookUps
            {
                Prior = command.Key is { } key ? entries.Find(entry => entry.Key == key) : null,
                Target = number >= 1 && number <= entries.Count ? entries[(int)number - 1] : null,
                Related = number == 0 ? [] : entries.Where(entry => entry.IsRelatedLookup && entry.Related == number).ToArray(),
            },
            Now
        );
        entries.AddRange(decision.Entries);
        return decision;
    }

    /// <summary>Lets everybody speak, and gives the answer to a command that was started.</summary>
    public SessionAnswer Finish(string id, Decision decision)
    {
        Talk();
        if (decision.Awaited == 0)
            return decision.Answer;
        var end = Of(id).Entries.Select(entry => this[id].AnswerTo(decision.Awaited, entry)).First(answer => answer is not null)!;
        return decision.AnswerBy(end);
    }

    /// <summary>Takes a ledger back to an earlier entry, as a store does that is restored to an earlier moment.</summary>
    public void Restore(string id, long sequence) => Restore(id, Of(id).Entries.Take((int)sequence).ToList());

    /// <summary>Brings back what a purge took away.</summary>
    public void Restore(string id, List<Entry> entries) => Restore(id, entries, Plants.None);

    private void Restore(string id, List<Entry> entries, Plants plants)
    {
        var stored = new StoredLedger { Head = entries.Aggregate(new SessionHead { SessionId = id }, (head, entry) => head.After(entry)) };
        entries.ForEach(stored.Add);
        var rows = stored.OpenRows.Select(row => PlantedDriver.SeenByAGrant(plants, row)).ToArray();
        ledgers[id] = (SessionLedger.Restore(stored.Head, stored.OpenReservations.Values, rows, entries), entries);
    }

    /// <summary>Takes a ledger away, as a purge does, or a restore to before it was opened.</summary>
    public List<Entry> Purge(string id)
    {
        var entries = Of(id).Entries;
        ledgers.Remove(id);
        return entries;
    }

    /// <summary>Has every holder ask its parent where it stands, as the sweep does, and lets everybody speak.</summary>
    public void Sweep()
    {
        foreach (var (ledger, _) in ledgers.Values)
            ledger.DoubtParent();
        Talk();
    }

    public void Talk()
    {
        for (var round = 0; round < 20; round++)
        {
            foreach (var id in ledgers.Keys.ToArray())
            {
                foreach (var row in this[id].OpenHolders.Values.ToArray())
                    Deliver(this[id].WordForHolder(row, Now));
                if (this[id].OwesParent)
                    Deliver(WordForParent(id));
            }
        }
    }

    /// <summary>What the ledger has to say to its parent, with all that it has to report.</summary>
    public HolderWord WordForParent(string id)
    {
        var (ledger, entries) = Of(id);
        var (after, through) = ledger.ToReport;
        return ledger.WordForParent(entries.Skip((int)after).Take((int)(through - after)).ToArray(), Now);
    }

    /// <summary>Loses the message of that number, and with it what both sides have in memory; 0 for none. The first has number 1.</summary>
    public int LoseAt { get; init; }

    /// <summary>Messages that were sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>Brings a ledger to where its entries lead, as an activation does after a crash.</summary>
    public void Restart(string id, Plants plants = Plants.None) => Restore(id, Of(id).Entries, plants);

    /// <summary>Hands a message over, and the answers to it.</summary>
    public void Deliver(LedgerMessage message)
    {
        if (++Sent == LoseAt)
        {
            Restart(message.HolderId);
            Restart(message.ParentId);
            return;
        }

        if (Answer(message) is { } reply)
            Deliver(reply);
    }

    /// <summary>Hands a message over, and gives the answer to the caller instead of to whom it is meant for.</summary>
    public LedgerMessage? Answer(LedgerMessage message)
    {
        var (ledger, entries) = Of(message is HolderWord ? message.ParentId : message.HolderId);
        var rows = new Dictionary<long, HolderRow>();
        foreach (var entry in entries.Where(entry => entry.Holder is not null))
            rows[entry.Holder!.Row.Number] = entry.Holder.Row;
        var life = (message as HolderWord)?.HolderLife;
        var closed = rows.Values.FirstOrDefault(row => !row.IsOpen && row.HolderId == message.HolderId && row.HolderLife == life);
        var received = ledger.Receive(
            message,
            new Evidence
            {
                IsProven = true,
                AsOf = ledger.Head.Sequence,
                Row = closed,
            },
            Now
        );
        entries.AddRange(received.Entries);
        return received.Reply;
    }

    private (SessionLedger Ledger, List<Entry> Entries) Of(string id)
    {
        if (!ledgers.TryGetValue(id, out var one))
            ledgers[id] = one = (SessionLedger.New(id), []);
        return one;
    }
}
