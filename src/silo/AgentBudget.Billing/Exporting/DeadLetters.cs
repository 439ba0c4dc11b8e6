using AgentBudget.Billing.Notes;

namespace AgentBudget.Billing.Exporting;

/// <summary>The dead letters of one export: in memory as they are kept, and never more than the feed is read for.</summary>
internal sealed class DeadLetters(IExportNotes notes)
{
    private readonly Dictionary<string, DeadCost> all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeadCost> put = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeadCost> gone = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => all.Count;

    /// <summary>Those that are there, the oldest first.</summary>
    public IEnumerable<DeadCost> All => all.Values.OrderBy(dead => dead.At);

    /// <summary>Reads what was kept.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var dead in await notes.ReadDeadAsync(cancellationToken))
            all[dead.Cost.Id] = dead;
    }

    /// <summary>A cost is dead.</summary>
    public void Add(DeadCost dead)
    {
        all[dead.Cost.Id] = put[dead.Cost.Id] = dead;
        gone.Remove(dead.Cost.Id);
    }

    /// <summary>A cost was taken; if it was dead, it is no more.</summary>
    public void Taken(string id)
    {
        if (!all.Remove(id, out var dead))
            return;
        put.Remove(id);
        gone[id] = dead;
    }

    /// <summary>Keeps what has changed.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (put.Count + gone.Count == 0)
            return;
        await notes.WriteDeadAsync([.. put.Values], [.. gone.Values], cancellationToken);
        put.Clear();
        gone.Clear();
    }
}
