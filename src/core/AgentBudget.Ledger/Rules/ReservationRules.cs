namespace AgentBudget.Ledger;

/// <summary>How reservations are given back and prolonged.</summary>
internal static class ReservationRules
{
    public static SessionAnswer Release(Turn turn, ReleaseCommand command)
    {
        if (turn.State.FindOpen(command.ReservationId) is not { } reservation)
            return RefuseNotOpen(turn, command.ReservationId);
        var back = GivenBack(reservation, EntryKind.Released);
        return turn.Answer(
            command.Error == 0 ? back : back with { Call = reservation.Call with { Result = command.Error, Failed = true } }
        );
    }

    public static SessionAnswer Extend(Turn turn, ExtendCommand command)
    {
        if (turn.State.FindOpen(command.ReservationId) is not { } reservation)
            return RefuseNotOpen(turn, command.ReservationId);
        var expiresAt = turn.Time + command.TimeToLive;
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Extended,
                Amount = Money.Zero,
                Related = reservation.Id,
                Child = reservation.Child,
                ExpiresAt = expiresAt > reservation.ExpiresAt ? expiresAt : reservation.ExpiresAt,
            }
        );
    }

    /// <summary>Gives back all open reservations, or those of one child, in the order in which they were granted.</summary>
    public static void ReleaseAll(Turn turn, DateTimeOffset at, string? child = null)
    {
        foreach (var reservation in turn.State.Open.Values.OrderBy(reservation => reservation.Id).ToArray())
        {
            if (child is null || child == reservation.Child)
                turn.WriteAt(GivenBack(reservation, EntryKind.Released), at);
        }
    }

    /// <summary>The entry by which a reservation goes back.</summary>
    public static Entry GivenBack(Reservation reservation, EntryKind kind) =>
        new()
        {
            Kind = kind,
            Amount = reservation.Amount,
            Related = reservation.Id,
            Call = reservation.Call,
            Child = reservation.Child,
        };

    /// <summary>Refuses for a reservation that is not open: it was, or never was.</summary>
    public static SessionAnswer RefuseNotOpen(Turn turn, long reservationId)
    {
        var isKnown = turn.LookUps.Target is { Kind: EntryKind.Reserved } || turn.FindGivenBack(reservationId) is not null;
        return turn.Refuse(isKnown ? RefusalReason.ReservationNotOpen : RefusalReason.ReservationUnknown);
    }
}
