using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>How a tenant's money goes out to holders that ask for it, and is called back from those that do not need it.</summary>
internal static class TenantGrants
{
    /// <summary>Whom one turn serves at most; the next one goes on. Thousands may wait for a limit that is raised, and a turn is to be
    /// short.</summary>
    public const int MostServed = 256;

    /// <summary>Grants what a holder asks for, or refuses; null for granted, or for an answer that comes later.</summary>
    public static RefusalReason? Answer(Turn turn, ref HolderRow row, HolderWord word, out bool isPending)
    {
        isPending = false;
        if (!row.IsOpen)
            return RefusalReason.SessionEnded;
        if (turn.Head.Breaker.State != BreakerState.Closed)
            return RefusalReason.Paused;
        var desk = turn.State.Desk;
        var waiter = new Waiter(
            row.HolderId,
            word.AtLeast,
            Money.Max(word.All, word.AtLeast),
            word.Wish,
            word.Amount,
            word.Since,
            word.Ask,
            turn.Time,
            word.IsPatient
        );
        var isAlone = desk.Line.All(other => other.HolderId == word.HolderId);
        if (
            !desk.KeepsFrom(waiter, turn.Time)
            && TenantGrant.Try(turn, ref row, waiter, isAlone ? TenantGrant.SpareOf : TenantGrant.NothingAhead)
        )
        {
            desk.Remove(row.HolderId);
            return null;
        }

        if (word.AtLeast <= row.Granted)
            return null;
        if (RefuseExhausted(turn, waiter) is { } reason)
            return reason;
        desk.Wait(waiter, TenantGrant.Lacks(row, waiter));
        desk.Forget(turn.Time);
        var pass = default(Pass);
        isPending = CallBack(turn, waiter, ref pass);
        return isPending ? null : NotNow(turn, waiter);
    }

    /// <summary>Serves those who wait, oldest first; a smaller one may pass an older one that does not fit, and whoever is there one whose
    /// caller was refused: with that it would lie idle until the caller comes again.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="isHurried">Whether the line is gone through only where there is enough for one of those in it, for all that is known:
    /// with a thousand in it, and as many who answer a recall, it would be gone through a million times.</param>
    public static void Serve(Turn turn, bool isHurried = false)
    {
        if (turn.State.DeskOrNull is not { } desk)
            return;
        desk.HasMoreToServe = false;
        if (desk.Line.Count == 0 || turn.Head.Breaker.State != BreakerState.Closed || TenantLimits.Room(turn.Head) == Money.Zero)
            return;
        // What is out already, without cover since a restore, comes first.
        RowRules.CoverWithWhatIsFree(turn);
        if (turn.HasMoreToCover || (isHurried && TenantLimits.Room(turn.Head) < desk.LeastLacked))
            return;
        desk.Forget(turn.Time);
        // All that is free is kept for the oldest, and is too little for it.
        if (desk.Line.Count == 0 || (desk.KeepsFor(desk.Line[0], turn.Time) && TenantGrant.IsTooLarge(turn, desk.Line[0])))
            return;
        desk.LeastLacked = Money.Zero;
        var (served, least, spare) = (0, TenantLimits.NoLimit, TenantGrant.SpareOfLine(turn.State));
        foreach (var waiter in TenantGrant.InTurn(turn))
        {
            if (!turn.State.Holders.Open.TryGetValue(waiter.HolderId, out var row) || waiter.AtLeast <= row.Granted)
            {
                desk.Remove(waiter.HolderId);
                continue;
            }

            desk.HasMoreToServe = served == MostServed;
            if (desk.HasMoreToServe)
                return;
            if (!TenantGrant.Try(turn, ref row, waiter, spare))
            {
                if (desk.KeepsFor(waiter, turn.Time))
                    return;
                least = Money.Min(least, TenantGrant.Lacks(row, waiter));
                continue;
            }

            served++;
            desk.Remove(waiter.HolderId);
            desk.Tell(waiter.HolderId, TenantWord.Nothing);
        }

        desk.LeastLacked = least;
    }

    /// <summary>Serves with what an answer to a recall brought, and asks further holders where those asked cannot bring enough.</summary>
    public static void Widen(Turn turn)
    {
        if (turn.State.DeskOrNull is not { } desk || !desk.MayWiden(turn.Time))
            return;
        Serve(turn, isHurried: true);
        desk.Widen(turn.State, LackedByAll(turn.State), turn.Time);
    }

    /// <summary>Ends a recall that is over: whoever could not be served is refused for now, and keeps the place.</summary>
    public static void Tick(Turn turn)
    {
        if (turn.State.DeskOrNull is not { } desk)
            return;
        var gone = desk.Forget(turn.Time);
        if (turn.State.HasHolders)
            desk.BeginPlanned(turn.State, turn.Time);
        // Something may have been kept for whoever is gone.
        if (desk.HasMoreToServe || gone > 0)
            Serve(turn);
        var areAllAsked = !desk.MayAskAll;
        if (!desk.EndRound(turn.Head.Reserved, turn.Time))
            return;
        // What was called back from above goes up before anybody here is served.
        if (desk.TakeRoundAbove() != 0)
            TenantReturns.GiveBackIdle(turn);
        Serve(turn);
        // With what came back here, less has to come from above.
        if (desk.HasBrought)
            turn.State.NeedsOrNull?.Hint();
        // It is as much as there is.
        if (areAllAsked && desk.Line.Count > 0)
        {
            desk.LetOthersPass(turn.Time);
            Serve(turn);
        }

        var pass = default(Pass);
        foreach (var waiter in desk.Line.ToArray())
        {
            if (RefuseExhausted(turn, waiter) is { } reason)
                Refuse(turn, waiter, reason, isRemoved: true);
            else if (!(desk.MayAskAll || desk.HasBrought ? CallBack(turn, waiter, ref pass) : SeeksAbove(turn, waiter, ref pass)))
                Refuse(turn, waiter, NotNow(turn, waiter), isRemoved: false);
        }

        if (desk.MayAskAll || desk.HasBrought)
            TenantRecall.CallBackOverLimit(turn);
    }

    /// <summary>The tenant above has refused: those who wait here are told who, and why.</summary>
    public static void RefusedAbove(Turn turn, RefusalReason reason)
    {
        if (turn.State.DeskOrNull is not { } desk)
            return;
        desk.Forget(turn.Time);
        if (desk.Line.Count > 0)
            desk.LetOthersPass(turn.Time);
        var pass = default(Pass);
        foreach (var waiter in desk.Line.ToArray())
        {
            // Less than what was refused may be there. And what the one above lacks may lie idle here: then less has to come from there.
            var isLess = turn.State.Needs.MayAsk(Lacking(turn.State, waiter), turn.Time);
            if ((isLess || reason == RefusalReason.InsufficientNow) && CallBack(turn, waiter, ref pass))
                continue;
            var said = isLess ? RefusalReason.InsufficientNow : reason;
            Refuse(turn, waiter, said, isRemoved: said == RefusalReason.TenantExhausted);
        }

        Serve(turn);
    }

    /// <summary>What came from above was not enough for all: those who still wait have it asked for.</summary>
    public static void AskForTheRest(Turn turn)
    {
        if (turn.State.DeskOrNull is not { Line.Count: > 0 } desk)
            return;
        desk.Forget(turn.Time);
        var pass = default(Pass);
        foreach (var waiter in desk.Line.ToArray())
            CallBack(turn, waiter, ref pass);
    }

    /// <summary>Whether all that is out could come back, and an amount would still be too much; the first time that is written
    /// down.</summary>
    public static bool IsExhausted(Turn turn, Money amount)
    {
        if (!TenantLimits.IsExhaustedFor(turn.Head, amount))
            return false;
        if (!turn.Head.Tenant!.IsExhausted)
            turn.WriteUnasked(new Entry { Kind = EntryKind.TenantExhausted, Requested = amount });
        return true;
    }

    private static RefusalReason? RefuseExhausted(Turn turn, Waiter waiter)
    {
        if (!IsExhausted(turn, waiter.Amount))
            return null;
        turn.State.Desk.Exhausted(waiter.HolderId);
        return RefusalReason.TenantExhausted;
    }

    // What it lacks by its own limits may lie idle with others; what it holds too little of, the tenant above may have. Both are asked for
    // all that wait, which is done once where a thousand are gone through.
    private static bool CallBack(Turn turn, Waiter waiter, ref Pass pass)
    {
        var state = turn.State;
        var isAsking = AskAbove(turn, waiter, ref pass);
        var isIdleBelow = Lacking(state, waiter).Least > TenantLimits.OwnRoom(turn.Head) || !isAsking;
        if (isIdleBelow && !pass.IsCalledBack && (!state.Desk.IsRecallDue || state.Desk.MayWiden(turn.Time)))
        {
            pass.IsCalledBack = true;
            var lacked = LackedByAll(state);
            state.Desk.Widen(state, lacked, turn.Time);
            if (!state.Desk.IsRecallDue)
                state.Desk.Recall(state, lacked, turn.Time);
        }

        return isAsking || state.Desk.IsRecallDue;
    }

    // The one above may have what is lacking here. Where it cannot be reached it does not say so.
    private static bool SeeksAbove(Turn turn, Waiter waiter, ref Pass pass) =>
        AskAbove(turn, waiter, ref pass) && turn.State.Needs.IsAnswerNear(turn.Time);

    private static bool AskAbove(Turn turn, Waiter waiter, ref Pass pass)
    {
        var state = turn.State;
        var need = Lacking(state, waiter);
        if (need.Least <= TenantLimits.InHand(turn.Head) || !state.Needs.MayAsk(need, turn.Time))
            return false;
        if (!pass.IsAsked)
            state.Needs.Set(state.Desk.Line.Select(one => Lacking(state, one)).Where(one => state.Needs.MayAsk(one, turn.Time)), turn.Time);
        pass.IsAsked = true;
        return state.Needs.IsOpen;
    }

    // With what the first lacks alone, a recall would have to be made for each of them.
    private static Money LackedByAll(SessionState state)
    {
        var all = Money.Zero;
        foreach (var waiter in state.Desk.Line)
            all += Money.Min(Lacking(state, waiter).All, TenantLimits.NoLimit - all);
        return all;
    }

    // What only the tenant above could give, it has refused a while ago, and is not asked again at once.
    private static RefusalReason NotNow(Turn turn, Waiter waiter) =>
        turn.State.NeedsOrNull is { } needs
        && Lacking(turn.State, waiter) is var need
        && !needs.MayAsk(need, turn.Time)
        && need.Least > TenantLimits.InHand(turn.Head)
            ? needs.Reason
            : RefusalReason.InsufficientNow;

    private static Need Lacking(SessionState state, Waiter waiter)
    {
        var row = state.Holders.Open[waiter.HolderId];
        // What it spent beyond its money stands in spent already: only what comes out in addition has to be free.
        return new Need(
            row.OutWith(waiter.AtLeast) - row.Out,
            row.OutWith(waiter.All) - row.Out,
            waiter.Amount,
            waiter.Since,
            Wish: row.OutWith(Money.Max(waiter.All, waiter.Wish)) - row.Out
        );
    }

    private static void Refuse(Turn turn, Waiter waiter, RefusalReason reason, bool isRemoved)
    {
        turn.State.Desk.Tell(
            waiter.HolderId,
            new TenantWord
            {
                Refused = reason,
                RefusedAsk = waiter.Ask,
                By = ByOf(turn, reason),
            }
        );
        if (isRemoved)
            turn.State.Desk.Remove(waiter.HolderId);
    }

    /// <summary>Which tenant it is that refuses for a reason: the one above, or this one.</summary>
    public static TenantRefusal ByOf(Turn turn, RefusalReason reason) =>
        turn.State.NeedsOrNull is { RefusedBy: { } above } needs && reason == needs.Reason ? above : Here(turn.Head);

    /// <summary>This tenant, and what it has left.</summary>
    public static TenantRefusal Here(SessionHead head) => new(TenantLedgers.PathOf(head.SessionId), TenantLimits.Room(head));

    // All that wait are gone through in one turn, and what is done for all of them is done once.
    private struct Pass
    {
        public bool IsAsked { get; set; }
        public bool IsCalledBack { get; set; }
    }
}
