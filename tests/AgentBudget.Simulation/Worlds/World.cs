namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// A small world out of one seed: ledgers three levels deep, a store, a network that loses, doubles and reorders, clocks that differ,
/// activations that crash or are double, callers that repeat themselves and use each other's keys. First everything fails; then the
/// world heals, everything has to come to rest, and every ledger has to end.
/// </summary>
internal sealed class World
{
    /// <summary>A Monday, and the first of a month: a day, a week and a month begin, by the zone in which every tenant begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    // Where worlds of tenants begin as well: in Zurich a day of 23 hours ends, one of 25, and a month, with another offset than that of its
    // first day; in Santiago clocks go back and forth at midnight, so that a day begins an hour late and one ends twice.
    private static readonly DateTimeOffset[] Midnights =
    [
        Start,
        Start,
        new(2026, 3, 29, 22, 0, 0, TimeSpan.Zero),
        new(2026, 10, 25, 23, 0, 0, TimeSpan.Zero),
        new(2026, 10, 31, 23, 0, 0, TimeSpan.Zero),
        new(2026, 4, 5, 3, 0, 0, TimeSpan.Zero),
        new(2026, 9, 6, 4, 0, 0, TimeSpan.Zero),
        new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
    ];

    private const int MostSteps = 100_000;

    private readonly PriorityQueue<Action, (long Time, long Order)> events = new();
    private readonly SimulatedCluster cluster;
    private readonly SimulatedNetwork network;
    private readonly TimeSpan[] skews;
    private readonly TimeSpan sweepSkew;
    private readonly bool hasFaults;
    private readonly HashSet<string> purged = [];
    private readonly DateTimeOffset began;
    private long order;
    private TimeSpan sweepEvery = TimeSpan.FromSeconds(1);

    public World(int seed, Plants plants, bool hasTenants = false)
    {
        (Seed, Plants, Random, HasTenants) = (seed, plants, new Random(seed), hasTenants);
        // Days, weeks and months of the tenants begin at the start.
        if (hasTenants)
            Now = Midnights[Random.Next(Midnights.Length)] - TimeSpan.FromSeconds(Random.Next(10, 90));
        began = Now;
        Store = new SimulatedStore(plants);
        Laws = new WorldLaws(this);
        hasFaults = Random.Next(20) != 0;
        skews = [.. Enumerable.Range(0, 3).Select(_ => TimeSpan.FromMilliseconds(Random.Next(-5_000, 5_001)))];
        // A silo whose clock is far off: what it says must not carry others away.
        var isFarOff = Random.Next(10) == 0;
        HasOneClock = !isFarOff || plants.HasFlag(Plants.NoClockOfTheStore);
        // Three eighths of a day in some.
        if (isFarOff || plants.HasFlag(Plants.NoClockOfTheStore))
            skews[0] += TimeSpan.FromHours(hasTenants && Random.Next(4) == 0 ? 9 : 1);
        TenantsMustBeSet = hasTenants && Random.Next(8) == 0;
        Events.Count(WorldEvent.ClocksApart, skews.Max() - skews.Min() > TimeSpan.FromSeconds(5));
        Events.Count(WorldEvent.ClockFarOff, IsClockFarOff);
        CrashRate = hasFaults ? Random.NextDouble() * 0.1 : 0;
        LossRate = hasFaults ? Random.NextDouble() * 0.3 : 0;
        ReportPage = Random.Next(3) == 0 ? 2 : 256;
        // The shortest that a silo may keep an ended session is an hour; an invitation to a tenant's session is not under way for so long.
        var shortest = hasTenants ? 60 : 8;
        var retention = TimeSpan.FromSeconds(Random.Next(2) == 0 ? shortest : 300);
        // In three of four worlds due times come so soon that the sweep has a part in what happens while everything fails.
        Spans = Random.Next(4) switch
        {
            0 => DueSpans.With(retention),
            1 => new DueSpans(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), retention),
            2 => new DueSpans(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), retention),
            _ => new DueSpans(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(16), retention),
        };
        ClosedKept = Random.Next(3) switch
        {
            0 => 0,
            1 => 2,
            _ => HolderRows.ClosedKept,
        };
        // One silo sweeps, by its own clock.
        sweepSkew = skews[Random.Next(skews.Length)];
        cluster = new SimulatedCluster(this, skews, hasFaults);
        network = new SimulatedNetwork(this, cluster);
    }

    public int Seed { get; }

    /// <summary>Whether sessions are those of tenants.</summary>
    public bool HasTenants { get; }

    /// <summary>Whether sessions are those of tenants that were set alone.</summary>
    public bool TenantsMustBeSet { get; }

    public Plants Plants { get; }

    public Random Random { get; }

    /// <summary>Whether the clocks of all silos are said to be within seconds of one another.</summary>
    public bool HasOneClock { get; }

    public SimulatedStore Store { get; }

    public WorldLaws Laws { get; }

    /// <summary>What has happened so far.</summary>
    public WorldEvents Events { get; } = new();

    public double CrashRate { get; private set; }

    public double LossRate { get; private set; }

    public int ReportPage { get; }

    /// <summary>Closed rows of holders that an activation keeps in memory once they are durable.</summary>
    public int ClosedKept { get; }

    /// <summary>When ledgers are due.</summary>
    public DueSpans Spans { get; }

    public DateTimeOffset Now { get; private set; } = Start;

    public TimeSpan Elapsed => Now - began;

    public bool IsHealed { get; private set; }

    public int Steps { get; private set; }

    public List<Caller> Callers { get; } = [];

    /// <summary>Says what happens, when somebody listens.</summary>
    public Action<string>? Trace { get; init; }

    public bool Chance(double share) => Random.NextDouble() < share;

    public TimeSpan Soon() => TimeSpan.FromMilliseconds(1 + Random.Next(20));

    public TimeSpan WriteTime() => TimeSpan.FromMilliseconds(Chance(0.05) ? Random.Next(2_000) : 1 + Random.Next(10));

    public void After(TimeSpan delay, Action act) => events.Enqueue(act, ((Now + delay).Ticks, order++));

    /// <summary>Runs the world from its opening to its end.</summary>
    public void Run(TimeSpan faulty, int operations)
    {
        IPlan plan = HasTenants ? new TenantPlan(this) : new Plan(this);
        plan.Schedule(faulty, operations);
        if (hasFaults)
            ScheduleFaults(faulty);
        Sweep();
        RunUntil(began + faulty);
        Heal();
        RunUntil(Now + UntilAtRest);
        Laws.AtRest();
        if (!IsClockFarOff)
        {
            var probes = plan.Probe();
            RunUntil(Now + LineDriver.LongestWait + TimeSpan.FromSeconds(2));
            WorldLaws.NobodyStarved(probes.MustBeGranted);
            WorldLaws.ToldExhausted(probes.CanNeverBePaid);
            Events.Count(WorldEvent.IdleMoneyAskedFor, probes.MustBeGranted.Count > 0);
            Events.Count(WorldEvent.TooMuchAskedFor, probes.CanNeverBePaid.Count > 0);
            RunUntil(Now + TimeSpan.FromSeconds(90));
        }

        // What nobody has called for so long goes away, stale or not.
        cluster.KillAll();
        plan.CloseAll();
        RunUntil(Now + UntilAtRest);
        Laws.AtTheEnd();
        RunUntil(Now + Spans.Retention + UntilAtRest);
        Laws.AllGone();
    }

    // Three levels, each of which may have to be due; what a clock that is far off has written is due as much later, each time that it is
    // tended, and the first time may find an activation that is stale.
    private TimeSpan UntilAtRest =>
        TimeSpan.FromSeconds(HasTenants ? 150 : 60)
        + (3 * (Spans.UnderWay + Spans.HoldersAreWell))
        + (IsClockFarOff ? 3.25 * skews[0] : TimeSpan.Zero);

    private bool IsClockFarOff => skews[0] > TimeSpan.FromMinutes(1);

    public void Send(LedgerMessage message) => network.Send(message);

    public void Call(string id, SessionCommand command, Action<SessionAnswer> answer) => network.Call(id, command, answer);

    /// <summary>A batch of a ledger is durable.</summary>
    public void Written(string id, IReadOnlyList<Entry> batch)
    {
        var stored = Store.Find(id)!;
        foreach (var entry in batch)
        {
            Note(() => $"wrote {id}#{entry.Sequence} {entry.Kind} {entry.Amount} {entry.Holder?.Row} {entry.Link}");
            Events.Count(WorldEvent.IdOpenedAgain, entry.Kind == EntryKind.Opened && purged.Contains(id));
            Events.Written(entry, entry.Sequence > 1 ? stored.Entries[(int)entry.Sequence - 2] : null, stored.Head.Link);
        }

        Laws.Written(id, batch);
    }

    /// <summary>A ledger is gone.</summary>
    public void Purged(StoredLedger ledger)
    {
        Events.Count(WorldEvent.LedgerPurged);
        purged.Add(ledger.Head.SessionId);
        Laws.Purged(ledger);
    }

    public void Note(Func<string> what) => Trace?.Invoke($"{Now - began:c} {what()}");

    // What is due is tended, and nothing else.
    private void Sweep()
    {
        After(
            sweepEvery,
            () =>
            {
                foreach (var id in Store.FindDue(Now + sweepSkew))
                {
                    if (!IsHealed && !Chance(0.8))
                        continue;
                    Events.Count(WorldEvent.LedgerTended);
                    cluster.Route(id).Tend();
                }

                if (IsHealed)
                    cluster.LeavePurged();

                Laws.ForgetRows();
                Sweep();
            }
        );
    }

    private void ScheduleFaults(TimeSpan faulty)
    {
        for (var i = Random.Next(6); i > 0; i--)
        {
            After(
                faulty * Random.NextDouble(),
                () =>
                {
                    if (Store.Ledgers.Count > 0)
                        cluster.Kill(Store.Ledgers.Keys.ElementAt(Random.Next(Store.Ledgers.Count)));
                }
            );
        }

        for (var i = Random.Next(4) == 0 ? 1 + Random.Next(3) : 0; i > 0; i--)
            ScheduleRestore(faulty);
    }

    private void ScheduleRestore(TimeSpan faulty)
    {
        var partition = Random.Next(SimulatedStore.Partitions);
        var at = faulty * Random.NextDouble();
        var restoredAt = at + ((faulty - at) * Random.NextDouble());
        After(
            at,
            () =>
            {
                var snapshot = Store.Snapshot(partition);
                After(restoredAt - at, () => Restore(partition, snapshot));
            }
        );
    }

    private void Restore(int partition, Dictionary<string, StoredLedger> snapshot)
    {
        string[] lost = [.. Store.Ledgers.Keys.Where(id => SimulatedStore.PartitionOf(id) == partition && !snapshot.ContainsKey(id))];
        Store.Restore(partition, snapshot);
        cluster.KillPartition(partition);
        network.Cut();
        Events.Count(WorldEvent.PartitionRestored);
        Note(() => $"restored: {string.Join(' ', snapshot.Select(pair => $"{pair.Key}@{pair.Value.Head.Sequence}"))}");
        Laws.Restored(partition, lost);
    }

    private void Heal()
    {
        (IsHealed, CrashRate, LossRate) = (true, 0, 0);
        // An hour is long enough to be looked at now and then.
        sweepEvery = IsClockFarOff ? skews[0] / 60 : TimeSpan.FromSeconds(8);
        cluster.LeaveOneOfEach();
        if (Events[WorldEvent.PartitionRestored] > 0)
            LookAfterRestore();
    }

    // What the operator of a store does that was restored: the silos are started anew, and every child is looked at.
    private void LookAfterRestore()
    {
        cluster.KillAll();
        foreach (var (id, ledger) in Store.Ledgers)
        {
            if (ledger.Head.Link is not null)
                cluster.Route(id).Read();
        }
    }

    private void RunUntil(DateTimeOffset end)
    {
        After(end - Now, () => { });
        while (events.TryPeek(out _, out var next) && next.Time <= end.Ticks)
        {
            events.TryDequeue(out var act, out _);
            Now = new DateTimeOffset(next.Time, TimeSpan.Zero);
            if (++Steps > MostSteps)
                throw new LawBrokenException("liveness: the world does not come to rest");
            act!();
        }

        Now = end;
    }
}
