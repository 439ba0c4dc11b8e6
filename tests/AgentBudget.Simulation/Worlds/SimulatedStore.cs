namespace AgentBudget.Simulation.Worlds;

/// <summary>One ledger as it is durable.</summary>
internal sealed class StoredLedger
{
    public required SessionHead Head { get; set; }

    /// <summary>When it wants to be tended.</summary>
    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MaxValue;

    public List<Entry> Entries { get; private init; } = [];

    public Dictionary<string, Entry> Keys { get; private init; } = [];

    public Dictionary<long, Reservation> OpenReservations { get; private init; } = [];

    /// <summary>All rows by their numbers, closed ones among them.</summary>
    public Dictionary<long, HolderRow> Rows { get; private init; } = [];

    /// <summary>What the ledger spent by itself, its holders aside: recounted from the entries.</summary>
    public Money OwnSpent { get; set; }

    public IEnumerable<HolderRow> OpenRows => Rows.Values.Where(row => row.IsOpen);

    public StoredLedger Copy() =>
        new()
        {
            Head = Head,
            DueAt = DueAt,
            Entries = [.. Entries],
            Keys = new(Keys),
            OpenReservations = new(OpenReservations),
            Rows = new(Rows),
            OwnSpent = OwnSpent,
        };

    public void Add(Entry entry)
    {
        Entries.Add(entry);
        if (entry.Key is { } key && !Keys.TryAdd(key, entry))
            throw new LawBrokenException($"L4: the key {key} stands twice in {Head.SessionId}");
        switch (Reservation.EffectOf(entry.Kind))
        {
            case ReservationEffect.Opens:
                OpenReservations[entry.Sequence] = Reservation.Of(entry);
                break;
            case ReservationEffect.Extends:
                OpenReservations[entry.Related] = OpenReservations[entry.Related] with { ExpiresAt = entry.ExpiresAt!.Value };
                break;
            case ReservationEffect.Grows:
                OpenReservations[entry.Related] = Reservation.GrownBy(entry);
                break;
            case ReservationEffect.Ends:
                OpenReservations.Remove(entry.Related);
                break;
        }

        if (entry.Holder is { } change)
            Rows[change.Row.Number] = change.Row;
        if (entry.Kind is EntryKind.Settled or EntryKind.Charged || (entry.Kind == EntryKind.Corrected && entry.Call is not null))
            OwnSpent += entry.Amount;
    }
}

/// <summary>A durable compare-and-swap for each ledger, over a few partitions that can be restored to an earlier moment.</summary>
internal sealed class SimulatedStore(Plants plants)
{
    public const int Partitions = 3;

    public Dictionary<string, StoredLedger> Ledgers { get; private set; } = [];

    public static int PartitionOf(string id) => (int)(BodyHash.Of(id) % Partitions);

    public StoredLedger? Find(string id) => Ledgers.GetValueOrDefault(id);

    /// <summary>Writes entries if the head is where they follow it, in the life that they follow.</summary>
    public bool Append(string id, long expectedLife, IReadOnlyList<Entry> entries, SessionHead head, DateTimeOffset dueAt)
    {
        var stored = Find(id);
        var expected = entries[0].Sequence - 1;
        var isMine = (stored?.Head.Sequence ?? 0) == expected && (stored is null || stored.Head.Life == expectedLife);
        if (!isMine && plants.HasFlag(Plants.IncarnationNotCompared))
            isMine = stored?.Head.Sequence == expected;
        if (!isMine && plants.HasFlag(Plants.NoFence) && stored is not null && stored.Head.Sequence > expected)
        {
            // The last one to write wins: what the other wrote is gone.
            stored.Head = head;
            var kept = stored.Entries.Take((int)expected).ToList();
            Ledgers[id] = stored = new StoredLedger { Head = head };
            foreach (var entry in kept)
                stored.Add(entry);
            isMine = true;
        }

        if (!isMine)
            return false;
        if (entries.Any(entry => entry.Key is { } key && stored?.Keys.ContainsKey(key) == true))
            return false;
        if (stored is null)
            Ledgers[id] = stored = new StoredLedger { Head = head };
        (stored.Head, stored.DueAt) = (head, dueAt);
        foreach (var entry in entries)
            stored.Add(entry);
        return true;
    }

    /// <summary>Sets the due time if the ledger still is of the life and at the sequence.</summary>
    public void Reschedule(string id, long life, long sequence, DateTimeOffset dueAt)
    {
        if (Find(id) is { } stored && stored.Head.Life == life && stored.Head.Sequence == sequence)
            stored.DueAt = dueAt;
    }

    /// <summary>The ledgers whose due time has come.</summary>
    public string[] FindDue(DateTimeOffset now) => [.. Ledgers.Where(pair => pair.Value.DueAt <= now).Select(pair => pair.Key)];

    public bool Purge(string id, long life, long sequence)
    {
        if (Find(id) is not { } stored || stored.Head.Life != life || stored.Head.Sequence != sequence)
            return false;
        return Ledgers.Remove(id);
    }

    /// <summary>What a partition holds now.</summary>
    public Dictionary<string, StoredLedger> Snapshot(int partition) =>
        Ledgers.Where(pair => PartitionOf(pair.Key) == partition).ToDictionary(pair => pair.Key, pair => pair.Value.Copy());

    /// <summary>Takes a partition back to what it held.</summary>
    public void Restore(int partition, Dictionary<string, StoredLedger> snapshot)
    {
        foreach (var id in Ledgers.Keys.Where(id => PartitionOf(id) == partition).ToArray())
            Ledgers.Remove(id);
        foreach (var (id, ledger) in snapshot)
            Ledgers[id] = ledger;
    }
}
