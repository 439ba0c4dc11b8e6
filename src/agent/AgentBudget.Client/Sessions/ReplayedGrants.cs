namespace AgentBudget.Client.Sessions;

/// <summary>
/// Takes up money that was set aside under the caller's key before, by an earlier run of the same step. That it was granted once says
/// nothing of now: it is prolonged first, which tells whether it is still there, and has it live as long as that of a new call.
/// </summary>
internal sealed class ReplayedGrants(SessionLink link)
{
    // An end stands near its beginning; a timeline can have a million entries.
    private const int MostPages = 16;

    /// <summary>The grant, with how long it lives now.</summary>
    /// <param name="command">What was asked for, with the caller's key.</param>
    /// <param name="granted">The answer of then.</param>
    /// <param name="cancellationToken">Gives up; the money stays set aside for who comes again.</param>
    /// <exception cref="CallEndedException">The call has ended.</exception>
    public async Task<SessionAnswer> TakeUpAsync(ReserveCommand command, SessionAnswer granted, CancellationToken cancellationToken)
    {
        var extend = new ExtendCommand { ReservationId = granted.ReservationId, TimeToLive = command.TimeToLive };
        var extended = await link.SendAsync(extend, link.Grain.ExtendAsync, cancellationToken);
        if (extended.IsGranted)
            return granted with { ExpiresAt = extended.ExpiresAt, Standing = extended.Standing };
        if (extended.Refusal?.Reason is RefusalReason.ReservationNotOpen or RefusalReason.SessionEnded)
            throw await EndedAsync(command.Key!, granted.ReservationId, cancellationToken);
        await link.ThrowIfRefusedAsync(extended);
        return granted;
    }

    private async Task<CallEndedException> EndedAsync(string key, long reservationId, CancellationToken cancellationToken)
    {
        var from = reservationId + 1;
        for (var page = 0; page < MostPages; page++)
        {
            if (await link.FindTimelineAsync(from, cancellationToken) is not { Entries.Length: > 0 } found)
                break;
            foreach (var entry in found.Entries)
            {
                if (entry.Related == reservationId && EndOf(entry.Kind) is var end && end != CallEnd.Open)
                    return new CallEndedException(key, end, end == CallEnd.Settled ? entry.Amount : null);
            }

            from += found.Entries.Length;
        }

        return new CallEndedException(key, CallEnd.Open, cost: null);
    }

    private static CallEnd EndOf(EntryKind kind) =>
        kind switch
        {
            EntryKind.Settled => CallEnd.Settled,
            EntryKind.Released => CallEnd.Released,
            EntryKind.Expired => CallEnd.Expired,
            _ => CallEnd.Open,
        };
}
