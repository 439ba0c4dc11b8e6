namespace AgentBudget.Simulation.Laws;

/// <summary>
/// What must hold in a world, checked from outside on what is durable:
/// <list type="bullet">
/// <item>L1, L2: at every ledger settled + reserved = budget at most, spent = its own + its holders', reserved = what is set aside.</item>
/// <item>No money made: what a living holder holds stands in an open row of its parent, of the same two lives.</item>
/// <item>Exactly once: a row's sums are the holder's own at the entry through which it is reported.</item>
/// <item>L3, L4: what was answered stands under its key, once, and is answered so again.</item>
/// <item>Holds: whoever was counted as told when a pause or a stop was answered, at all levels, authorises nothing after it until it is let
/// go, and nothing ever after a stop; an operator's hold is let go by an operator.</item>
/// <item>Time: what is caused is not older than its cause, and no message moves a ledger's time more than 10 s past its own clock. Where
/// clocks agree to within seconds, no reservation goes back early.</item>
/// <item>At rest: nothing is under way, totals are equal on both sides, everybody was answered; in the end all is back and can be
/// purged.</item>
/// </list>
/// </summary>
internal sealed class WorldLaws
{
    private readonly World world;
    private readonly HashSet<string> tainted = [];
    private readonly HoldLaws holds;
    private readonly Dictionary<(string Id, long Life, string Key), long> answered = [];
    private readonly Dictionary<string, List<HolderRow>> dropped = [];
    private readonly Dictionary<(string Id, long Life, long Reservation, DateTimeOffset At), DateTimeOffset> due = [];

    private readonly List<StoredLedger> purged = [];

    private bool hasRestored;

    public WorldLaws(World world)
    {
        this.world = world;
        holds = new HoldLaws(world, tainted);
    }

    /// <summary>Whether nothing is spent that was not reserved: then no tenant has spent beyond a limit.</summary>
    public bool HasNoOverage { get; set; }

    /// <summary>How often something was checked.</summary>
    public long Checks { get; private set; }

    public static void Decided(string id, IReadOnlyList<Entry> entries, DateTimeOffset clock, DateTimeOffset previousAt)
    {
        // An opening is put off by a millisecond at most, so that two lives of one id differ.
        var latest = clock + TimeSpan.FromMilliseconds(10_001);
        foreach (var entry in entries)
        {
            Ensure(
                entry.At <= latest || entry.At <= previousAt,
                $"time: entry {entry.Sequence} of {id} is at {entry.At:O}, the clock at {clock:O}"
            );
            Ensure(entry.Kind != EntryKind.ToppedUp || entry.Key is not null, $"L4: entry {entry.Sequence} of {id} adds money for nobody");
            var isOperators = entry.Kind == EntryKind.Resumed && entry.PauseSource == PauseSources.Operator;
            Ensure(
                !isOperators || entry.Key is not null,
                $"holds: entry {entry.Sequence} of {id} lets go what an operator holds, and no operator asked for it"
            );
        }
    }

    public static void TimeHasTravelled(IReadOnlyList<Entry> entries, DateTimeOffset saidAt, DateTimeOffset clock)
    {
        var earliest = saidAt < clock + TimeSpan.FromSeconds(10) ? saidAt : clock + TimeSpan.FromSeconds(10);
        // What the clock ends meanwhile is caused by no message.
        foreach (var entry in entries.Where(entry => entry.Holder is not null || entry.Link is not null))
            Ensure(entry.At >= earliest, $"time: entry {entry.Sequence} ({entry.Kind}) is older than the message that caused it");
    }

    /// <summary>What is asked before a session is admitted, and a refusal, open no tenant's ledger.</summary>
    public static void NoTraceIsLeft(LedgerMessage message, bool wasOpened, Received received)
    {
        var isAsking = message is DefaultsRequest or DefaultsAnswer || (message is AdmissionRequest && received.Reply is ParentWord);
        Ensure(wasOpened || !isAsking || received.Entries.Count == 0, $"no trace: {message.GetType().Name} opened {message.ParentId}");
    }

    /// <summary>Whoever asked at rest for what the path could pay has been granted it.</summary>
    public static void NobodyStarved(IReadOnlyList<Caller> asked)
    {
        foreach (var caller in asked)
            Ensure(
                caller.Answer is { IsGranted: true },
                $"starved: {caller} for {((ReserveCommand)caller.Command).Amount}: {caller.Answer?.Refusal?.ToString() ?? "no answer"}"
            );
    }

    /// <summary>An answer is given.</summary>
    public void Given(string id, long life, SessionCommand command, SessionAnswer answer)
    {
        if (!answer.IsGranted || answer.EntrySequence == 0 || command.Key is not { } key)
            return;
        if (world.Store.Find(id) is not { } stored || stored.Head.Life != life)
            return;
        var entry = answer.EntrySequence <= stored.Entries.Count ? stored.Entries[(int)answer.EntrySequence - 1] : null;
        Ensure(
            entry?.Key == key && entry.BodyHash == command.HashBody(),
            $"L3: {command.GetType().Name} {key} was answered, and does not stand in {id}"
        );
        Ensure(
            AmountAsked(command) is not { } asked || entry!.Amount == asked,
            $"L3: {command.GetType().Name} {key} of {id} asked for {AmountAsked(command)}, and {entry!.Amount} stands there"
        );
        if (!answered.TryAdd((id, life, key), answer.EntrySequence))
            Ensure(answered[(id, life, key)] == answer.EntrySequence, $"L4: {key} of {id} was answered with two entries");
    }

    private static Money? AmountAsked(SessionCommand command) =>
        command switch
        {
            SetBudgetCommand set => set.Budget,
            TopUpCommand topUp => topUp.Amount,
            OpenCarvedChildCommand open => open.Options.Budget,
            _ => null,
        };

    /// <summary>A batch of a ledger is durable.</summary>
    public void Written(string id, IReadOnlyList<Entry> batch)
    {
        foreach (var entry in batch)
        {
            // A holder whose row was declined before it registered can have spent, and its cost is taken up; money it cannot have.
            var isOfARestore =
                entry.Kind == EntryKind.Restored
                || (entry.Kind == EntryKind.HolderRestored && (entry.Amount != Money.Zero || entry.Holder!.Row.Granted > Money.Zero));
            Ensure(!isOfARestore || hasRestored, $"made: entry {entry.Sequence} of {id} is {entry.Kind}, and no partition was restored");
            Ensure(
                entry.Holder?.Row.End != HolderEnd.Lost || hasRestored,
                $"lost: entry {entry.Sequence} of {id} gives up {entry.Child}, and no partition was restored"
            );
            if (world.HasOneClock)
                NotEarly(id, entry);
            holds.NotAuthorised(id, entry);
        }

        Written(id);
    }

    // Two clocks are up to ten seconds apart, a message adds as much, and a write takes some.
    private void NotEarly(string id, Entry entry)
    {
        var stored = world.Store.Find(id)!;
        if (entry.Kind == EntryKind.Reserved)
            due[(id, stored.Head.Life, entry.Sequence, entry.At)] =
                world.Now + (entry.ExpiresAt!.Value - entry.At) - TimeSpan.FromSeconds(30);
        if (entry.Kind != EntryKind.Expired)
            return;
        // By its time as well: after a restore the same number can stand for another reservation, and after one more for the first again.
        var reservedAt = stored.Entries[(int)entry.Related - 1].At;
        if (due.TryGetValue((id, stored.Head.Life, entry.Related, reservedAt), out var earliest))
            Ensure(world.Now >= earliest, $"time: reservation {entry.Related} of {id} has gone back too early");
    }

    private void Written(string id)
    {
        if (world.Store.Find(id) is not { } stored)
            return;
        OwnLaws.Check(stored, dropped.GetValueOrDefault(id) ?? []);
        Checks++;
        foreach (var row in stored.OpenRows)
        {
            if (world.Store.Find(row.HolderId) is { } holder)
                Pair(stored, holder);
        }

        if (stored.Head.Link is { } link && world.Store.Find(link.ParentId) is { } parent)
            Pair(parent, stored);
        if (stored.Head.Link is { } above)
            holds.Check(above.ParentId);
        holds.Check(id);
        Made(stored);
        if (world.HasTenants && tainted.Count == 0)
            TenantLaws.Check(world.Store, stored, HasNoOverage && !hasRestored, world.HasOneClock);
    }

    public void Purged(StoredLedger ledger)
    {
        holds.Forget(ledger.Head.SessionId);
        if (world.HasTenants)
            purged.Add(ledger);
        Ensure(
            ledger.Head.Link is not { IsParentGone: true } link
                || hasRestored
                || world.Store.Find(link.ParentId)?.Head.Life != link.ParentLife,
            $"lost: {ledger.Head.SessionId} takes its parent for gone, and it is there"
        );
        RestLaws.EnsureBooked(world.Store, ledger);
        foreach (var other in world.Store.Ledgers.Values)
            Made(other);
    }

    /// <summary>A pause or a stop was answered, and these were counted as told, with all below them.</summary>
    public void HoldAnswered(string id, SessionHead head, IEnumerable<HolderRow> told, bool isStop) =>
        holds.Answered(id, head, told, isStop);

    /// <summary>A partition went back to an earlier moment: between its ledgers and others the laws hold again when all is at
    /// rest.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="lost">Ledgers that are in it no more: a tenant among them begins anew.</param>
    public void Restored(int partition, IReadOnlyList<string> lost)
    {
        bool IsIn(string id) => SimulatedStore.PartitionOf(id) == partition;
        hasRestored = true;
        tainted.UnionWith(world.Store.Ledgers.Keys.Concat(world.Callers.Select(caller => caller.Id)).Where(IsIn).Concat(lost));
        foreach (var key in answered.Keys.Where(key => IsIn(key.Id)).ToArray())
            answered.Remove(key);
        holds.Restored(IsIn);
    }

    public void AtRest()
    {
        tainted.Clear();
        foreach (var caller in world.Callers)
            Ensure(caller.Answer is not null, $"liveness: {caller} has no answer");
        foreach (var ledger in world.Store.Ledgers.Values)
            RestLaws.Check(world.Store, ledger, world.HasOneClock);
        foreach (var id in world.Store.Ledgers.Keys)
            Written(id);
        if (world.HasTenants)
            SpendLaws.AtRest(world.Store, purged, hasRestored);
    }

    public void AtTheEnd()
    {
        AtRest();
        foreach (var (id, ledger) in world.Store.Ledgers.Where(pair => pair.Value.Head.Tenant is null))
        {
            Ensure(ledger.Head.End != EndReason.None, $"liveness: {id} has not ended");
            Ensure(ledger.Head.Reserved == Money.Zero, $"stranded: {ledger.Head.Reserved} is reserved in {id}, which has ended");
        }
    }

    public void AllGone()
    {
        var left = world.Store.Ledgers.Where(pair => pair.Value.Head.Tenant is null).Select(pair => pair.Key);
        Ensure(!left.Any(), $"purge: {string.Join(", ", left)} cannot be purged");
    }

    /// <summary>Planted: closed rows are dropped by their age.</summary>
    public void ForgetRows()
    {
        if (!world.Plants.HasFlag(Plants.RowsForgottenByTime))
            return;
        foreach (var (id, ledger) in world.Store.Ledgers)
        {
            foreach (var row in ledger.Rows.Values.Where(row => row.ClosedAt < world.Now - TimeSpan.FromSeconds(10)).ToArray())
            {
                ledger.Rows.Remove(row.Number);
                if (!dropped.TryGetValue(id, out var list))
                    dropped[id] = list = [];
                list.Add(row);
            }
        }
    }

    private static void Ensure(bool holds, string what)
    {
        if (!holds)
            throw new LawBrokenException(what);
    }

    private bool IsTainted(StoredLedger parent, StoredLedger holder) =>
        tainted.Contains(parent.Head.SessionId) || tainted.Contains(holder.Head.SessionId);

    private void Pair(StoredLedger parent, StoredLedger holder)
    {
        if (IsTainted(parent, holder))
            return;
        foreach (var row in parent.Rows.Values)
        {
            if (row.HolderId == holder.Head.SessionId && row.HolderLife == holder.Head.Life && row.HolderLife != 0)
                PairLaws.Check(parent, row, holder);
        }
    }

    // No money made: whoever may spend has a parent that has set it aside.
    private void Made(StoredLedger holder)
    {
        var head = holder.Head;
        if (
            head.Link is not { Granted.NanoDollars: > 0 } link
            || head.End != EndReason.None
            || (link.IsParentGone && hasRestored)
            || tainted.Contains(head.SessionId)
            || tainted.Contains(link.ParentId)
        )
            return;
        var parent = world.Store.Find(link.ParentId);
        var row =
            parent?.Head.Life == link.ParentLife
                ? parent.OpenRows.FirstOrDefault(row => row.HolderId == head.SessionId && IsOf(row, head))
                : null;
        Ensure(row is not null, $"made: {head.SessionId} holds {link.Authority}, and {link.ParentId} has no open row for it");
        Ensure(
            row!.Granted - row.GivenBack >= link.Authority,
            $"made: {head.SessionId} holds {link.Authority}, and {link.ParentId} has {row.Granted - row.GivenBack} out"
        );
    }

    // A session that its tenant admitted has money before it has registered.
    private static bool IsOf(HolderRow row, SessionHead head) =>
        row.HolderLife == head.Life || (row is { HolderLife: 0, Policy: not HolderPolicy.Carved } && row.Mark == head.Link!.RowMark);
}
