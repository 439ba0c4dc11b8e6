namespace AgentBudget.Orleans.Storage;

/// <summary>
/// Which rows an entry makes besides its own. Only here is it known; stores do what it says, whatever kinds of entries there are.
/// </summary>
public static class EntryRows
{
    /// <summary>Whether the entry is to be found by the one that it is related to.</summary>
    public static bool IsLookedUp(Entry entry) => entry.IsRelatedLookup;

    /// <summary>Whether the entry does something to a row beside the timeline. A charge does not.</summary>
    public static bool HasChange(Entry entry) => entry.Holder is not null || Reservation.EffectOf(entry.Kind) != ReservationEffect.None;

    /// <summary>What the entry does to a row beside the timeline.</summary>
    public static SideChange ChangeOf(Entry entry)
    {
        if (entry.Holder is { Row: var holder })
            return new SideChange(SideStep.Put, SideRowKind.Holder, holder.Number, SideRow.Of(holder));
        return Reservation.EffectOf(entry.Kind) switch
        {
            ReservationEffect.Opens => Put(Reservation.Of(entry)),
            ReservationEffect.Extends => new(SideStep.Move, SideRowKind.Reservation, entry.Related, At: entry.ExpiresAt!.Value),
            ReservationEffect.Grows => Put(Reservation.GrownBy(entry)),
            ReservationEffect.Ends => Remove(entry.Related),
            _ => default,
        };
    }

    /// <summary>The same, of an entry as bytes; one that ends a reservation, as each call does, is not unpacked for it.</summary>
    public static SideChange ChangeOf(PackedEntry packed)
    {
        if (!packed.HasChange)
            return default;
        return Reservation.EffectOf(packed.Kind) == ReservationEffect.Ends ? Remove(packed.Related) : ChangeOf(packed.ToEntry());
    }

    private static SideChange Remove(long reservationId) => new(SideStep.Remove, SideRowKind.Reservation, reservationId);

    private static SideChange Put(Reservation reservation) =>
        new(SideStep.Put, SideRowKind.Reservation, reservation.Id, SideRow.Of(reservation));
}
