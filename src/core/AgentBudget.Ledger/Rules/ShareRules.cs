namespace AgentBudget.Ledger;

/// <summary>What a call may have that names no largest cost, so that many of them run side by side.</summary>
internal static class ShareRules
{
    /// <summary>A share is never more than this part of the room, so that those who come a little later find something.</summary>
    private const int FewestSharers = 8;

    /// <summary>
    /// The part of the room that such a call is granted at most: an equal one among those that run and wait, never below its least amount.
    /// The number of those that run and wait alone would let the first of a series that starts one by one take everything.
    /// </summary>
    public static Money Most(SessionState state, ReserveCommand command, Money room)
    {
        if (!command.Call.IsUncapped || command.LeastAmount is not { } least)
            return command.Amount;
        var line = state.LineOrNull;
        var sharers = (line?.Uncapped ?? 0) + (line?.Find(command.Key) is null ? 1 : 0);
        foreach (var reservation in state.Open.Values)
        {
            if (reservation.Call.IsUncapped)
                sharers++;
        }

        var share = Money.FromNanoDollars(room.NanoDollars / Math.Max(FewestSharers, sharers));
        // Nothing at all is no share: it would pass for a call that costs nothing.
        return Money.Min(command.Amount, Money.Max(Money.Max(least, share), Money.FromNanoDollars(1)));
    }
}
