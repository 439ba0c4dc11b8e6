using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger;

/// <summary>What ends by the clock, and how a session ends.</summary>
internal static class ExpiryRules
{
    /// <summary>Expires reservations that are due, then the session if its time to live or idle time-out has passed.</summary>
    public static void Expire(Turn turn)
    {
        var head = turn.Head;
        if (!head.IsOpened || head.End != EndReason.None)
            return;
        foreach (var reservation in turn.State.TakeDue(turn.Time))
            turn.WriteAt(ReservationRules.GivenBack(reservation, EntryKind.Expired), reservation.ExpiresAt);
        if (!turn.Head.IsOver && EndDue(turn.State) is var due && due <= turn.Time)
            Expire(turn, due);
    }

    public static SessionAnswer Close(Turn turn, CloseCommand command)
    {
        if (turn.Head.End != EndReason.None)
            return turn.Unchanged();
        return End(turn, command.IsStop ? EndReason.Stopped : EndReason.Closed, asked: true, command.Reason);
    }

    /// <summary>Ends the session: what is reserved goes back first.</summary>
    public static SessionAnswer End(Turn turn, EndReason end, bool asked, string? reason = null)
    {
        if (NeedsOthers(turn.Head) && IntentRules.BeginEnd(turn, end, asked, reason) is { } waiting)
            return waiting;
        ReservationRules.ReleaseAll(turn, turn.Time);
        var ended = new Entry
        {
            Kind = EntryKind.Ended,
            End = end,
            Reason = reason,
        };
        return asked ? turn.Answer(ended) : SessionAnswer.Of(turn.WriteUnasked(ended));
    }

    private static bool NeedsOthers(SessionHead head) => head.OpenHolders > 0 || head.Intents.Count > 0;

    private static void Expire(Turn turn, DateTimeOffset due)
    {
        if (NeedsOthers(turn.Head) && IntentRules.BeginEnd(turn, EndReason.Expired, asked: false, reason: null) is not null)
            return;
        ReservationRules.ReleaseAll(turn, due);
        turn.WriteAt(new Entry { Kind = EntryKind.Ended, End = EndReason.Expired }, due);
    }

    /// <summary>When something is due at the earliest.</summary>
    public static DateTimeOffset NextDue(SessionState state)
    {
        if (!state.Head.IsOpened || state.Head.End != EndReason.None)
            return DateTimeOffset.MaxValue;
        // Those who were refused as exhausted are told when a window begins.
        if (state.Head.Tenant is { IsExhausted: true } tenant)
            return tenant.Windows.Min(window => window.End);
        var end = state.Head.IsOver ? DateTimeOffset.MaxValue : EndDue(state);
        return state.EarliestExpiry < end ? state.EarliestExpiry : end;
    }

    // A session is not idle while a call is under way, nor while its money is out with carved children: reservations expire by themselves,
    // and children end.
    private static DateTimeOffset EndDue(SessionState state)
    {
        var head = state.Head;
        if (head.Tenant is not null)
            return DateTimeOffset.MaxValue;
        var options = head.Options!;
        var idle = head.OpenHolders > 0 || state.Open.Count > 0 ? DateTimeOffset.MaxValue : head.LastActivityAt + options.IdleTimeout;
        if (options.TimeToLive is not { } timeToLive)
            return idle;
        var old = head.OpenedAt + timeToLive;
        return old < idle ? old : idle;
    }
}
