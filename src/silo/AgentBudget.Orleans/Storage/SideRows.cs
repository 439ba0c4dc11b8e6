namespace AgentBudget.Orleans.Storage;

/// <summary>Rows beside one ledger's timeline, in memory: as they were stored, brought forward by entries. Not for several threads at
/// once.</summary>
public sealed class SideRows
{
    private readonly Dictionary<long, Reservation> reservations = [];

    // Of one holder's id there are as many as the ledger has had holders of it, one after the other.
    private readonly Dictionary<string, List<HolderRow>> holders = new(StringComparer.Ordinal);

    /// <summary>Does what an entry does.</summary>
    public void Follow(in SideChange change)
    {
        switch (change.Step)
        {
            case SideStep.Put:
                Put(change.Row!);
                break;
            case SideStep.Move when reservations.TryGetValue(change.Number, out var reservation):
                Put(SideRow.Of(reservation).MovedTo(change.At));
                break;
            case SideStep.Remove:
                reservations.Remove(change.Number);
                break;
        }
    }

    /// <summary>Adds a row, or puts it in the place of the one of its kind and number.</summary>
    public void Put(SideRow row)
    {
        if (row.Reservation is { } reservation)
            reservations[reservation.Id] = reservation;
        if (row.Holder is not { } holder)
            return;
        if (!holders.TryGetValue(holder.HolderId, out var known))
            holders[holder.HolderId] = known = [];
        known.RemoveAll(older => older.Number == holder.Number);
        known.Add(holder);
    }

    /// <summary>The row of a holder in one of its lives: the last one, open or closed; null when there is none.</summary>
    public HolderRow? FindHolder(string holderId, long holderLife) =>
        holders.GetValueOrDefault(holderId)?.Where(row => row.HolderLife == holderLife).MaxBy(row => row.Number);

    /// <summary>Holders' rows that are closed, by number, behind one of them.</summary>
    public IReadOnlyList<HolderRow> Closed(long afterNumber, int count) =>
        [
            .. holders
                .Values.SelectMany(rows => rows)
                .Where(row => !row.IsOpen && row.Number > afterNumber)
                .OrderBy(row => row.Number)
                .Take(count),
        ];

    /// <summary>Lets go of holders' rows that are closed.</summary>
    public void Drop(IReadOnlyList<long> numbers)
    {
        var gone = numbers.ToHashSet();
        foreach (var (id, rows) in holders.ToArray())
        {
            rows.RemoveAll(row => !row.IsOpen && gone.Contains(row.Number));
            if (rows.Count == 0)
                holders.Remove(id);
        }
    }

    /// <summary>The ledger with the open ones of these rows.</summary>
    public StoredLedger Of(SessionHead head, DateTimeOffset dueAt) =>
        new(head, [.. reservations.Values], [.. holders.Values.SelectMany(rows => rows).Where(row => row.IsOpen)], dueAt);
}
