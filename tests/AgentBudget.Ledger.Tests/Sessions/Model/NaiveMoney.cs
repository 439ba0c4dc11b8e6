namespace AgentBudget.Ledger.Tests;

/// <summary>The naive model's reserve, settle, release, extend and charge.</summary>
internal sealed class NaiveMoney(NaiveSession session)
{
    private Picture Now => session.Now;

    public Expected Do(SessionCommand command) =>
        command switch
        {
            ReserveCommand reserve => Reserve(reserve),
            SettleCommand settle => Settle(settle),
            ReleaseCommand release => Find(release.ReservationId) is { } open
                ? session.Happens(Released(open, release))
                : NotOpen(release.ReservationId),
            ExtendCommand extend => Find(extend.ReservationId) is { } open ? Extend(extend, open) : NotOpen(extend.ReservationId),
            GrowCommand grow => Find(grow.ReservationId) is { } open ? Grow(grow, open) : NotOpen(grow.ReservationId),
            ChargeCommand charge => Charge(charge),
            _ => throw new NotSupportedException(),
        };

    /// <summary>Whether an amount can be had, how much of it, and if not, for which of the three reasons.</summary>
    public (RefusalReason Reason, long Granted) Judge(long amount, long? least, bool isFinal)
    {
        var room = Now.Room(isFinal);
        if (amount <= room || amount == 0)
            return (RefusalReason.None, amount);
        if (room > 0 && least <= room)
            return (RefusalReason.None, room);
        var needed = Math.Max(least ?? amount, 1);
        if (needed > Now.Ceiling(isFinal))
            return (RefusalReason.TooLarge, 0);
        var fitsWhenAllIsBack = Math.Min(Now.Spent, Now.Budget) + needed <= Now.Ceiling(isFinal);
        return (fitsWhenAllIsBack ? RefusalReason.InsufficientNow : RefusalReason.BudgetExhausted, 0);
    }

    /// <summary>Why a breaker that is not closed refuses, or none.</summary>
    public RefusalReason Held(bool isFinal)
    {
        if (Now.PausedBy != PauseSources.None)
            return RefusalReason.Paused;
        return Now.Opened switch
        {
            OpenReason.None => RefusalReason.None,
            OpenReason.LoopDetected => RefusalReason.LoopDetected,
            OpenReason.BudgetExhausted => isFinal ? RefusalReason.None : RefusalReason.BudgetExhausted,
            _ => throw new NotSupportedException(),
        };
    }

    private Expected Reserve(ReserveCommand command)
    {
        if (Now.End != EndReason.None)
            return session.Refuse(RefusalReason.SessionEnded);
        if (command.Child is { } name && SharedChild(name) is var (known, isOpen) && !(known && isOpen))
            return session.Refuse(known ? RefusalReason.SessionEnded : RefusalReason.ChildUnknown);

        var reason = Held(command.IsFinal);
        var isConcurrent = NaiveLoops.IsConcurrent(Now, command.Call, command.Child);
        var loop =
            reason == RefusalReason.None && !isConcurrent
                ? NaiveLoops.Judge(session.Facts, Now, command.Call, command.Child, session.Time, 0, command.Amount.NanoDollars)
                : null;
        if (loop?.Action == LoopAction.Trip)
            reason = RefusalReason.LoopDetected;
        if (loop?.Action == LoopAction.Throttle)
            reason = RefusalReason.Throttled;
        var granted = 0L;
        if (reason == RefusalReason.None)
            (reason, granted) = Judge(command.Amount.NanoDollars, command.LeastAmount?.NanoDollars, command.IsFinal);

        if (reason is not (RefusalReason.None or RefusalReason.LoopDetected or RefusalReason.Throttled))
            loop = null;
        var words = NaiveLoops.Words(loop);
        var transition = Transition(command.Amount, command.Call, command.Child, reason, words);
        if (reason != RefusalReason.None && !Now.IsObserving)
        {
            if (transition.Opens != OpenReason.None || transition.Hard)
                session.Append(transition);
            return session.Refuse(reason, retry: reason is RefusalReason.InsufficientNow or RefusalReason.Throttled, transition, words);
        }

        return session.Happens(
            transition with
            {
                Kind = EntryKind.Reserved,
                Amount = reason == RefusalReason.None ? granted : Math.Min(command.Amount.NanoDollars, Now.Available),
                Until = session.Time + command.TimeToLive,
                WouldRefuse = reason,
                Warning = loop is { Action: LoopAction.Warn } ? loop : null,
                IsConcurrent = isConcurrent,
                IsFinal = command.IsFinal,
                Intent = command,
            }
        );
    }

    // The one transition that a refusal may cause: only a breaker that is closed can open.
    private Happening Transition(Money amount, Call call, string? child, RefusalReason reason, string? loop)
    {
        var none = new Happening
        {
            Kind = EntryKind.HardLimitReached,
            Asked = amount.NanoDollars,
            Call = call,
            Child = child,
            Loop = loop,
        };
        if (Now.IsHeld)
            return none;
        return reason switch
        {
            RefusalReason.LoopDetected => none with { Kind = EntryKind.BreakerOpened, Opens = OpenReason.LoopDetected },
            RefusalReason.BudgetExhausted when Now.Options!.LatchWhenExhausted => none with
            {
                Kind = EntryKind.BreakerOpened,
                Opens = OpenReason.BudgetExhausted,
                Hard = Now.IsHardLimitArmed,
            },
            RefusalReason.BudgetExhausted => none with { Hard = Now.IsHardLimitArmed },
            _ => none,
        };
    }

    private Expected Settle(SettleCommand command)
    {
        if (Find(command.ReservationId) is { } open)
        {
            return session.Happens(
                session.WithConsequences(
                    new Happening
                    {
                        Kind = EntryKind.Settled,
                        Amount = command.Cost.NanoDollars,
                        Asked = open.Amount,
                        About = open.Number,
                        Call = command.Call ?? open.Call,
                        Child = open.Child,
                        Intent = command,
                    }
                )
            );
        }

        var reserved = session.Facts.FirstOrDefault(fact => fact.Kind == EntryKind.Reserved && fact.Number == command.ReservationId);
        if (reserved is null)
            return session.Refuse(RefusalReason.ReservationUnknown);
        var about = session.Facts.Where(fact => fact.About == reserved.Number).ToList();
        if (about.Any(fact => fact.Kind is EntryKind.Settled or EntryKind.Charged))
            return session.Refuse(RefusalReason.ReservationNotOpen);
        return session.Happens(
            session.WithConsequences(
                new Happening
                {
                    Kind = EntryKind.Charged,
                    Amount = command.Cost.NanoDollars,
                    About = reserved.Number,
                    Call = command.Call ?? reserved.Call,
                    Child = reserved.Child,
                    IsLate = true,
                    Intent = command,
                }
            )
        );
    }

    private Expected Charge(ChargeCommand command)
    {
        var fact = session.WithConsequences(
            new Happening
            {
                Kind = EntryKind.Charged,
                Amount = command.Cost.NanoDollars,
                Call = command.Call,
                Child = command.Child,
                IsLate = Now.End != EndReason.None,
                Intent = command,
            }
        );
        var mayLoop = Now.Opened == OpenReason.None && fact.Opens == OpenReason.None;
        var loop = mayLoop
            ? NaiveLoops.Judge(session.Facts, Now, command.Call, command.Child, session.Time, command.Cost.NanoDollars, 0)
            : null;
        if (loop is null)
            return session.Happens(fact);
        return loop.Action == LoopAction.Trip
            ? session.Happens(fact with { Opens = OpenReason.LoopDetected, Loop = NaiveLoops.Words(loop) })
            : session.Happens(fact with { Warning = loop, Loop = NaiveLoops.Words(loop) });
    }

    private Expected Extend(ExtendCommand command, Happening open)
    {
        var asked = session.Time + command.TimeToLive;
        var until = Now.UntilOf(open);
        return session.Happens(
            new Happening
            {
                Kind = EntryKind.Extended,
                About = open.Number,
                Child = open.Child,
                Until = asked > until ? asked : until,
                Intent = command,
            }
        );
    }

    // As if it were a reservation of its own, without a look at loops.
    private Expected Grow(GrowCommand command, Happening open)
    {
        var (reason, granted) = (Held(command.IsFinal), 0L);
        if (reason == RefusalReason.None)
            (reason, granted) = Judge(command.Amount.NanoDollars, command.LeastAmount?.NanoDollars, command.IsFinal);
        var transition = Transition(command.Amount, open.Call!, open.Child, reason, loop: null);
        if (reason != RefusalReason.None && !Now.IsObserving)
        {
            if (transition.Opens != OpenReason.None || transition.Hard)
                session.Append(transition);
            return session.Refuse(reason, retry: reason == RefusalReason.InsufficientNow, transition);
        }

        var more = reason == RefusalReason.None ? granted : Math.Min(command.Amount.NanoDollars, Now.Available);
        return session.Happens(
            transition with
            {
                Kind = EntryKind.Grown,
                Amount = more,
                Asked = open.Amount + more,
                About = open.Number,
                Until = Now.UntilOf(open),
                WouldRefuse = reason,
                IsFinal = command.IsFinal,
                Intent = command,
            }
        );
    }

    private static Happening Released(Happening open, ReleaseCommand release)
    {
        var back = NaiveSession.GiveBack(open, EntryKind.Released, release);
        return release.Error == 0 ? back : back with { Call = open.Call! with { Result = release.Error, Failed = true } };
    }

    private (bool Known, bool IsOpen) SharedChild(string name) =>
        (
            session.Facts.Any(fact => fact.Kind == EntryKind.ChildOpened && fact.Child == name),
            !session.Facts.Any(fact => fact.Kind == EntryKind.ChildClosed && fact.Child == name)
        );

    private Happening? Find(long reservation) => Now.Open.FirstOrDefault(fact => fact.Number == reservation);

    private Expected NotOpen(long reservation) =>
        session.Refuse(
            session.Facts.Any(fact => fact.Kind == EntryKind.Reserved && fact.Number == reservation)
                ? RefusalReason.ReservationNotOpen
                : RefusalReason.ReservationUnknown
        );
}
