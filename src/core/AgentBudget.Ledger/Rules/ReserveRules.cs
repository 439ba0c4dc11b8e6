using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger;

/// <summary>Who may have money before a call: state and breaker first, then loops, then money.</summary>
internal static class ReserveRules
{
    /// <summary>
    /// When money that is set aside may be back: reservations settle when their calls end, which nobody knows, so a short time is named.
    /// </summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The same where the tenant has heard what is asked for: its answer is near, and what it grants lies idle until the caller is
    /// there again.</summary>
    public static readonly TimeSpan RetryWhileAsked = TimeSpan.FromMilliseconds(250);

    public static SessionAnswer Reserve(Turn turn, ReserveCommand command)
    {
        var head = turn.Head;
        if (FindEnd(turn, command) is { } end)
            return turn.Refuse(end);
        var isObserving = head.Options!.Mode == SessionMode.Observe;
        var isConcurrent = turn.State.IsConcurrent(command.Call, command.Child);
        var verdict = Judge(turn, command, isConcurrent);
        // A warning is part of the entry that grants the call; a call that is refused for money has none.
        if (verdict.Reason is not (RefusalReason.None or RefusalReason.LoopDetected or RefusalReason.Throttled))
            verdict = verdict with { Loop = null };
        if (verdict.Reason != RefusalReason.None && !isObserving)
            return Refuse(turn, command.Amount, command.Call, command.Child, verdict);
        if (turn.State.Open.Count >= Bounds.OpenReservations)
            return turn.Refuse(RefusalReason.TooManyReservations, RetryAfter);

        var granted =
            verdict.Reason == RefusalReason.None
                ? verdict.Granted
                : Money.Min(command.Amount, Money.Min(head.Standing.Available, Limits.InHand(head)));
        var transition = isObserving ? TransitionOf(turn, verdict) : Crossing.None;
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Reserved,
                Amount = granted,
                Requested = command.Amount,
                Call = command.Call,
                Child = command.Child,
                ExpiresAt = turn.Time + command.TimeToLive,
                WouldRefuse = verdict.Reason,
                Loop = verdict.Loop,
                Signals =
                    (command.IsFinal ? EntrySignals.Final : EntrySignals.None)
                    | (verdict.Loop is { Action: LoopAction.Warn } ? EntrySignals.LoopWarning : EntrySignals.None)
                    | (isConcurrent ? EntrySignals.Concurrent : EntrySignals.None)
                    | ClosedBy(turn, verdict),
                Crossing = transition,
            }
        );
    }

    /// <summary>An ended session or child takes no money in any mode.</summary>
    private static RefusalReason? FindEnd(Turn turn, ReserveCommand command)
    {
        if (turn.Head.IsOver)
            return RefusalReason.SessionEnded;
        if (command.Child is null)
            return null;
        return ChildFold.Find(turn.Head, command.Child) switch
        {
            { Kind: ChildKind.Shared, IsOpen: true } => null,
            { Kind: ChildKind.Shared } => RefusalReason.SessionEnded,
            _ => RefusalReason.ChildUnknown,
        };
    }

    /// <summary>Why no new money is authorised at all; null when it may be.</summary>
    public static RefusalReason? FindHindrance(Turn turn, bool isFinal)
    {
        var breaker = turn.Head.Breaker;
        var passes = isFinal && breaker is { OpenReason: OpenReason.BudgetExhausted, PausedBy: PauseSources.None };
        // The tenant may have money again: whoever is exhausted asks now and then.
        var mayAsk =
            breaker is { OpenReason: OpenReason.TenantExhausted, PausedBy: PauseSources.None } && turn.State.Needs.MayAsk(turn.Time);
        return breaker.State != BreakerState.Closed && !passes && !mayAsk ? ReasonOf(breaker) : null;
    }

    /// <summary>What an ordinary call could have by the ledger's own limits; null for anything, where it only observes.</summary>
    public static Money? RoomOf(SessionHead head)
    {
        if (head.Options is not { } options || head.IsOver)
            return Money.Zero;
        if (options.Mode == SessionMode.Observe)
            return null;
        return head.Breaker.State == BreakerState.Closed ? Limits.Room(head, isFinal: false) : Money.Zero;
    }

    private static Verdict Judge(Turn turn, ReserveCommand command, bool isConcurrent)
    {
        if (FindHindrance(turn, command.IsFinal) is { } hindrance)
            return new Verdict(hindrance);
        var loop = isConcurrent ? null : turn.State.FindLoop(command.Call, command.Child, turn.Time, Money.Zero, command.Amount);
        return loop?.Action switch
        {
            LoopAction.Trip => new Verdict(RefusalReason.LoopDetected, Loop: loop),
            LoopAction.Throttle => new Verdict(RefusalReason.Throttled, Loop: loop),
            _ => JudgeInTurn(turn, Most(turn, command), command.LeastAmount, command.IsFinal) with { Loop = loop },
        };
    }

    private static Money Most(Turn turn, ReserveCommand command) =>
        ShareRules.Most(turn.State, command, Limits.Room(turn.Head, command.IsFinal));

    /// <summary>Whether an amount can be set aside by the turn's command. What is free may be kept for a call that has waited long. The
    /// last call of a session, which has money of its own, and one that takes none pass all the same.</summary>
    public static Verdict JudgeInTurn(Turn turn, Money amount, Money? least, bool isFinal)
    {
        if (isFinal || turn.State.LineOrNull is not { } line || !line.KeepsFrom(turn.Command!.Key, turn.Time))
            return Judge(turn, amount, least, isFinal);
        var verdict = JudgeAmount(turn, amount, least, isFinal);
        return verdict is { Reason: RefusalReason.None, Granted: var granted } && granted > Money.Zero
            ? new Verdict(RefusalReason.InsufficientNow)
            : verdict;
    }

    /// <summary>Whether an amount can be set aside by the ledger's own budget and by what it holds of its tenant's money.</summary>
    public static Verdict Judge(Turn turn, Money amount, Money? least, bool isFinal)
    {
        var verdict = JudgeAmount(turn, amount, least, isFinal);
        return verdict.Reason == RefusalReason.None ? ParentsMoney.Limit(turn, verdict, least) : verdict;
    }

    /// <summary>Whether an amount can be set aside, and which of the three kinds of refusal it is when it cannot.</summary>
    public static Verdict JudgeAmount(Turn turn, Money amount, Money? least, bool isFinal)
    {
        var head = turn.Head;
        if (amount == Money.Zero)
            return new Verdict(RefusalReason.None);
        // What is free covers what is out already, and this turn has covered as much of it as one may.
        if (head.AwaitsFirstGrant || turn.HasMoreToCover)
            return new Verdict(RefusalReason.InsufficientNow);
        var room = Limits.Room(head, isFinal);
        if (amount <= room)
            return new Verdict(RefusalReason.None, amount);
        if (room > Money.Zero && least <= room)
            return new Verdict(RefusalReason.None, room);

        var ceiling = Limits.Ceiling(head, isFinal);
        // Nothing at all is not a part of what was asked for: with a least amount of zero, one nano-dollar has to fit.
        var needed = Money.Max(least ?? amount, Money.FromNanoDollars(1));
        if (needed > ceiling)
            return new Verdict(RefusalReason.TooLarge);
        var fitsOnceAllIsBack = Money.Min(head.Spent, head.Budget) + needed <= ceiling;
        return new Verdict(fitsOnceAllIsBack ? RefusalReason.InsufficientNow : RefusalReason.BudgetExhausted);
    }

    /// <summary>Refuses an amount, and writes the one transition that this may cause.</summary>
    public static SessionAnswer Refuse(Turn turn, Money amount, Call call, string? child, Verdict verdict)
    {
        var transition = TransitionOf(turn, verdict);
        if (transition != Crossing.None)
            turn.WriteUnasked(
                new Entry
                {
                    Kind = transition.OpenReason != OpenReason.None ? EntryKind.BreakerOpened : EntryKind.HardLimitReached,
                    Requested = amount,
                    Call = call,
                    Child = child,
                    Loop = verdict.Loop,
                    Crossing = transition,
                }
            );
        var retryAfter = verdict.Reason == RefusalReason.InsufficientNow ? RetryAfter : verdict.Loop?.RetryAfter;
        return turn.Refuse(verdict.Reason, retryAfter, verdict.Loop, transition.Signals);
    }

    /// <summary>Its tenant was exhausted, and it has money in hand again: nothing passes an open breaker, so what is granted closes
    /// it.</summary>
    public static EntrySignals ClosedBy(Turn turn, Verdict verdict) =>
        verdict.Reason == RefusalReason.None && turn.Head.Breaker.OpenReason == OpenReason.TenantExhausted
            ? EntrySignals.BreakerClosed
            : EntrySignals.None;

    /// <summary>The one transition that a refusal may cause.</summary>
    public static Crossing TransitionOf(Turn turn, Verdict verdict)
    {
        var head = turn.Head;
        if (head.Breaker.State != BreakerState.Closed)
            return Crossing.None;
        switch (verdict.Reason)
        {
            case RefusalReason.TenantExhausted when head.Options!.LatchWhenExhausted:
                return new Crossing(EntrySignals.BreakerOpened, 0, OpenReason.TenantExhausted);
            case RefusalReason.LoopDetected:
                return new Crossing(EntrySignals.BreakerOpened, 0, OpenReason.LoopDetected);
            case RefusalReason.BudgetExhausted:
                var hardLimit = head.HardLimitFired ? EntrySignals.None : EntrySignals.HardLimit;
                return head.Options!.LatchWhenExhausted
                    ? new Crossing(hardLimit | EntrySignals.BreakerOpened, 0, OpenReason.BudgetExhausted)
                    : new Crossing(hardLimit, 0, OpenReason.None);
            default:
                return Crossing.None;
        }
    }

    /// <summary>Why a breaker that is not closed refuses.</summary>
    public static RefusalReason ReasonOf(BreakerStatus breaker) =>
        breaker.State == BreakerState.Paused
            ? RefusalReason.Paused
            : breaker.OpenReason switch
            {
                OpenReason.LoopDetected => RefusalReason.LoopDetected,
                OpenReason.TenantExhausted => RefusalReason.TenantExhausted,
                _ => RefusalReason.BudgetExhausted,
            };

    /// <summary>A judgement: granted, or why not.</summary>
    public readonly record struct Verdict(RefusalReason Reason, Money Granted = default, LoopEvidence? Loop = null);
}
