namespace AgentBudget.Ledger.Tests;

/// <summary>
/// The naive model of a session: a list of facts, and what semantics.md says of each command. It is written from that page, not from
/// the ledger, and is slow on purpose.
/// </summary>
internal sealed class NaiveSession
{
    private readonly List<Happening> facts = [];
    private readonly NaiveMoney money;
    private readonly NaiveOperator operators;
    private readonly NaiveChildren children;

    public NaiveSession()
    {
        Now = new Picture(facts);
        money = new NaiveMoney(this);
        operators = new NaiveOperator(this);
        children = new NaiveChildren(this);
    }

    public IReadOnlyList<Happening> Facts => facts;

    public Picture Now { get; private set; }

    public DateTimeOffset Time { get; private set; }

    /// <summary>When anything happens by itself next.</summary>
    public DateTimeOffset NextDue =>
        Now.Options is null || Now.End != EndReason.None ? DateTimeOffset.MaxValue : Now.Open.Select(Now.UntilOf).Append(Now.EndDue).Min();

    public Expected Do(SessionCommand command, DateTimeOffset clock)
    {
        if (command.Key is { } key && facts.FirstOrDefault(fact => fact.Intent?.Key == key) is { } first)
            return Body(first.Intent!) == Body(command) ? Replay(first) : Refuse(RefusalReason.KeyConflict);
        Tick(clock);
        if (command is not OpenCommand)
            ExpireDue();
        if (command is OpenCommand open)
            return Open(open);
        if (Now.Options is null)
            return Refuse(RefusalReason.SessionUnknown);
        return command switch
        {
            // The shell of these tests has no prices.
            { NeedsPrice: true } => Refuse(RefusalReason.UnknownModel),
            ReserveCommand or SettleCommand or ReleaseCommand or ExtendCommand or GrowCommand or ChargeCommand => money.Do(command),
            OpenSharedChildCommand or CloseSharedChildCommand => children.Do(command),
            _ => operators.Do(command),
        };
    }

    /// <summary>What the clock alone brings about.</summary>
    public void Sweep(DateTimeOffset clock)
    {
        Tick(clock);
        ExpireDue();
    }

    public Expected Refuse(RefusalReason reason, bool retry = false, Happening? transition = null, string? loop = null) =>
        new()
        {
            Standing = Now.Standing,
            Refused = reason,
            Room = Now.Options is null ? 0 : Now.Room(isFinal: false),
            HasRetryAfter = retry,
            Signals = transition?.Signals ?? EntrySignals.None,
            Loop = loop,
        };

    /// <summary>The answer to what changes nothing because it is so already.</summary>
    public Expected AsItIs(int entry = 0, long amount = 0) =>
        new()
        {
            Standing = Now.Standing,
            IsUnchanged = true,
            Entry = entry,
            Amount = amount,
        };

    public Expected Happens(Happening fact) => Answer(Append(fact));

    public Happening Append(Happening fact)
    {
        facts.Add(fact with { Number = facts.Count + 1, At = Time });
        Now = new Picture(facts);
        facts[^1] = facts[^1] with { LimitMetAfter = Now.IsHardLimitMet };
        return facts[^1];
    }

    /// <summary>Adds to a fact that moves spent or budget what that causes: soft limits, hard limit, breaker.</summary>
    public Happening WithConsequences(Happening fact)
    {
        var after = new Picture([.. facts, fact with { Number = facts.Count + 1, At = Time }]);
        var isWorse = after.Spent > Now.Spent || after.Budget < Now.Budget;
        var exceeds = after.Overage > Now.Overage || (isWorse && after.IsBeyondHardLimit);
        return fact with
        {
            Soft = after.SoftLimitsMet & ~Now.SoftLimitsMet,
            Hard = Now.IsHardLimitArmed && after.IsHardLimitMet,
            Opens = exceeds && Now.Opened == OpenReason.None ? OpenReason.BudgetExhausted : OpenReason.None,
        };
    }

    public void ReleaseAll(string? child = null)
    {
        foreach (var reservation in Now.Open.Where(fact => child is null || fact.Child == child))
            Append(GiveBack(reservation, EntryKind.Released));
    }

    public void EndSession(EndReason reason, SessionCommand? intent)
    {
        ReleaseAll();
        Append(
            new Happening
            {
                Kind = EntryKind.Ended,
                End = reason,
                Intent = intent,
            }
        );
    }

    public static Happening GiveBack(Happening reservation, EntryKind kind, SessionCommand? intent = null) =>
        new()
        {
            Kind = kind,
            Amount = reservation.Amount,
            About = reservation.Number,
            Call = reservation.Call,
            Child = reservation.Child,
            Intent = intent,
        };

    private static SessionCommand Body(SessionCommand command) => command with { Key = null, IsKeyFresh = false };

    private void Tick(DateTimeOffset clock) => Time = facts.Count > 0 && facts[^1].At > clock ? facts[^1].At : clock;

    private void ExpireDue()
    {
        if (Now.Options is null || Now.End != EndReason.None)
            return;
        var now = Time;
        foreach (
            var reservation in Now.Open.Where(fact => Now.UntilOf(fact) <= now).OrderBy(Now.UntilOf).ThenBy(fact => fact.Number).ToList()
        )
        {
            // It is written when somebody looks, with the time at which it came to pass.
            Tick(Now.UntilOf(reservation));
            Append(GiveBack(reservation, EntryKind.Expired));
        }

        if (Now.EndDue <= now)
        {
            Tick(Now.EndDue);
            EndSession(EndReason.Expired, intent: null);
        }

        Time = now;
    }

    private Expected Open(OpenCommand open)
    {
        if (Now.Options is null)
            return Happens(
                new Happening
                {
                    Kind = EntryKind.Opened,
                    Amount = open.Options.Budget.NanoDollars,
                    Intent = open,
                }
            );
        return Body(facts[0].Intent!) == Body(open) ? AsItIs(entry: 1, facts[0].Amount) : Refuse(RefusalReason.AlreadyOpen);
    }

    private Expected Replay(Happening first) =>
        Answer(first) with
        {
            Standing = new Picture(facts.Take(first.Number).ToList()).Standing,
            IsReplay = true,
        };

    private Expected Answer(Happening fact) =>
        new()
        {
            Standing = Now.Standing,
            Entry = fact.Number,
            Amount = fact.Amount,
            Until = fact.Until,
            Signals = fact.Signals,
            Soft = fact.Soft,
            WouldRefuse = fact.WouldRefuse,
            Loop = fact.Loop,
        };
}
