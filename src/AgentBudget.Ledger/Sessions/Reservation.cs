namespace AgentBudget.Ledger;

/// <summary>Money set aside before a call.</summary>
/// <param name="Id">The sequence of the entry that reserved it.</param>
/// <param name="Amount">What was set aside.</param>
/// <param name="Call">The call that it is for.</param>
/// <param name="Child">The shared child on whose account it stands, or null.</param>
/// <param name="ExpiresAt">When it goes back by itself.</param>
public sealed record Reservation(long Id, Money Amount, Call Call, string? Child, DateTimeOffset ExpiresAt)
{
    /// <summary>Brings a store's open reservations of one session, by id, forward by one entry.</summary>
    public static void Follow(IDictionary<long, Reservation> open, Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Reserved:
                open[entry.Sequence] = new Reservation(entry.Sequence, entry.Amount, entry.Call!, entry.Child, entry.ExpiresAt!.Value);
                break;
            case EntryKind.Extended:
                open[entry.Related] = open[entry.Related] with { ExpiresAt = entry.ExpiresAt!.Value };
                break;
            case EntryKind.Settled or EntryKind.Released or EntryKind.Expired:
                open.Remove(entry.Related);
                break;
        }
    }
}
