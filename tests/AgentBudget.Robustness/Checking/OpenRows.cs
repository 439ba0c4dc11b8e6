namespace AgentBudget.Robustness.Checking;

/// <summary>
/// What is open beside a timeline, as its entries tell. Stores follow what the ledger's own tables say of each kind of entry; this is told
/// once more, from the kinds themselves, so that a defect in those tables does not hide itself from the check.
/// </summary>
public sealed class OpenRows
{
    public Dictionary<long, Reservation> Reservations { get; } = [];

    public Dictionary<string, HolderRow> Holders { get; } = new(StringComparer.Ordinal);

    /// <summary>Goes on by one entry.</summary>
    /// <exception cref="KeyNotFoundException">It changes the time of a reservation that is not open.</exception>
    public void Follow(Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Reserved:
                Reservations[entry.Sequence] = new(entry.Sequence, entry.Amount, entry.Call!, entry.Child, entry.ExpiresAt!.Value);
                break;
            case EntryKind.Extended:
                Reservations[entry.Related] = Reservations[entry.Related] with { ExpiresAt = entry.ExpiresAt!.Value };
                break;
            case EntryKind.Grown:
                Reservations[entry.Related] = Reservations[entry.Related] with
                {
                    Amount = Reservations[entry.Related].Amount + entry.Amount,
                };
                break;
            case EntryKind.Settled or EntryKind.Released or EntryKind.Expired:
                Reservations.Remove(entry.Related);
                break;
        }

        if (entry.Holder is not { Row: var row })
            return;
        if (row.IsOpen)
            Holders[row.HolderId] = row;
        else if (Holders.TryGetValue(row.HolderId, out var known) && known.Number == row.Number)
            Holders.Remove(row.HolderId);
    }
}
