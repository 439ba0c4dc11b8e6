using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation.Laws;

/// <summary>Whoever was counted as told when a pause or a stop was answered, at all levels, authorises nothing after it until it is let go,
/// and nothing ever after a stop.</summary>
internal sealed class HoldLaws(World world, IReadOnlySet<string> tainted)
{
    private readonly Dictionary<string, HeldByAll> held = [];
    private readonly Dictionary<string, Quiet> quiet = [];
    private readonly HashSet<(string Id, long Life)> stopped = [];

    /// <summary>By sequence, so that no clock has a part in it.</summary>
    public void NotAuthorised(string id, Entry entry)
    {
        if (entry.Kind != EntryKind.Reserved || tainted.Contains(id) || world.Store.Find(id) is not { } stored)
            return;
        // Who only observes is stopped by nothing.
        if (stored.Head.Options!.Mode == SessionMode.Observe)
            return;
        Ensure(!stopped.Contains((id, stored.Head.Life)), $"holds: {id} was counted as stopped, and entry {entry.Sequence} authorises");
        if (!quiet.TryGetValue(id, out var hold) || hold.Life != stored.Head.Life || entry.Sequence <= hold.Sequence)
            return;
        if (world.Store.Find(hold.HeldBy) is not { } holding || holding.Head.HoldNumber != hold.Number)
            quiet.Remove(id);
        else
            Ensure(tainted.Contains(hold.HeldBy), $"holds: {id} was counted as told, and entry {entry.Sequence} authorises");
    }

    /// <summary>A pause or a stop was answered, and these were counted as told, with all below them.</summary>
    public void Answered(string id, SessionHead head, IEnumerable<HolderRow> told, bool isStop)
    {
        var holders = told.SelectMany(row => Below(row, head.HoldNumber)).ToArray();
        held[id] = new HeldByAll(head.Life, head.HoldNumber, [.. holders.Select(holder => (holder.Id, holder.Life))]);
        foreach (var (holderId, life, sequence) in holders)
        {
            quiet[holderId] = new Quiet(id, head.HoldNumber, life, sequence);
            if (isStop && !TenantLedgers.IsId(holderId))
                stopped.Add((holderId, life));
        }

        Check(id);
    }

    private IEnumerable<(string Id, long Life, long Sequence)> Below(HolderRow row, long hold)
    {
        if (world.Store.Find(row.HolderId) is not { } holder || holder.Head.Life != row.HolderLife)
            return [];
        // One that was restored does not know of all below it before they have spoken.
        var isLeaf = holder.Head.Tenant is null || tainted.Contains(row.HolderId);
        var written = isLeaf ? 0 : WhenWritten(holder, hold);
        var below = isLeaf ? [] : holder.OpenRows.Where(open => MayHaveBeenTold(written, open)).SelectMany(open => Below(open, written));
        return below.Prepend((row.HolderId, row.HolderLife, holder.Head.Sequence));
    }

    // A tenant makes itself known by a report: one that is known only since the hold was written, and has had nothing, was not counted.
    private static bool MayHaveBeenTold(long written, HolderRow row) =>
        row.HolderLife != 0 && (row.OpenedAt.UtcTicks < written || row.Granted > Money.Zero);

    // Not the last hold of the tenant: it may have written one of its own since. Its numbers begin with the time.
    private static long WhenWritten(StoredLedger holder, long hold) =>
        holder
            .Entries.Find(entry =>
                entry is { Kind: EntryKind.Paused or EntryKind.Stopped, Link: { } link }
                && (link.HoldNumber >= hold || link.StopNumber >= hold)
            )
            ?.At.UtcTicks
        ?? holder.Head.HoldNumber;

    /// <summary>Those who were counted as told by a ledger are held, as long as it holds them.</summary>
    public void Check(string id)
    {
        if (!held.TryGetValue(id, out var hold))
            return;
        if (world.Store.Find(id) is not { } parent || parent.Head.Life != hold.Life || parent.Head.HoldNumber != hold.Number)
        {
            held.Remove(id);
            return;
        }

        foreach (var (holderId, life) in hold.Holders)
        {
            if (tainted.Contains(id) || tainted.Contains(holderId))
                continue;
            if (world.Store.Find(holderId) is not { } holder || holder.Head.Life != life || holder.Head.End != EndReason.None)
                continue;
            Ensure(
                holder.Head.Breaker.PausedBy.HasFlag(PauseSources.Parent),
                $"holds: {holderId} was counted as told by {id}, and is not held"
            );
            Ensure(
                holder.Head.IsOver || !stopped.Contains((holderId, life)),
                $"holds: {holderId} was counted as stopped by {id}, and goes on"
            );
        }
    }

    /// <summary>A ledger is gone.</summary>
    public void Forget(string id) => held.Remove(id);

    /// <summary>Ledgers went back to an earlier moment: what they were told may be told again.</summary>
    public void Restored(Func<string, bool> isIn)
    {
        foreach (var (id, hold) in held.ToArray())
        {
            if (!isIn(id) && !hold.Holders.Any(holder => isIn(holder.Id)))
                continue;
            held.Remove(id);
            foreach (var (holderId, life) in hold.Holders)
            {
                quiet.Remove(holderId);
                stopped.Remove((holderId, life));
            }
        }

        foreach (var key in stopped.Where(key => isIn(key.Id)).ToArray())
            stopped.Remove(key);
    }

    private static void Ensure(bool holds, string what)
    {
        if (!holds)
            throw new LawBrokenException(what);
    }

    private sealed record Quiet(string HeldBy, long Number, long Life, long Sequence);

    private sealed record HeldByAll(long Life, long Number, (string Id, long Life)[] Holders);
}
