namespace AgentBudget.Ledger.Tests;

/// <summary>The naive model's top-ups, budgets, corrections, pauses and ends.</summary>
internal sealed class NaiveOperator(NaiveSession session)
{
    private Picture Now => session.Now;

    public Expected Do(SessionCommand command)
    {
        if (command is CorrectCommand correct)
            return Correct(correct);
        if (command is CloseCommand close)
            return Close(close);
        if (Now.End != EndReason.None)
            return session.Refuse(RefusalReason.SessionEnded);
        return command switch
        {
            TopUpCommand topUp => NewBudget(
                new Happening
                {
                    Kind = EntryKind.ToppedUp,
                    Amount = topUp.Amount.NanoDollars,
                    Intent = topUp,
                },
                Now.Budget + topUp.Amount.NanoDollars
            ),
            SetBudgetCommand set => NewBudget(
                new Happening
                {
                    Kind = EntryKind.BudgetSet,
                    Amount = set.Budget.NanoDollars,
                    Intent = set,
                },
                set.Budget.NanoDollars
            ),
            PauseCommand pause => Pause(pause),
            ResumeCommand resume => Resume(resume),
            _ => throw new NotSupportedException(),
        };
    }

    private Expected NewBudget(Happening fact, long budget)
    {
        if (budget < Now.Settled + Now.Reserved || budget <= 0)
            return session.Refuse(RefusalReason.BudgetTooLow);
        var resumes = Now.Opened == OpenReason.BudgetExhausted && budget > Now.Budget && budget > Now.Spent;
        return session.Happens(resumes ? fact with { Closes = true } : session.WithConsequences(fact));
    }

    private Expected Correct(CorrectCommand command)
    {
        var target = session.Facts.FirstOrDefault(fact => fact.Number == command.EntrySequence);
        var movesBudget = target?.Kind is EntryKind.Opened or EntryKind.ToppedUp;
        var movesSpend = target?.Kind is EntryKind.Settled or EntryKind.Charged;
        if (target is null || !(movesBudget || movesSpend))
            return session.Refuse(RefusalReason.NotCorrectable);
        var before = session.Facts.Where(fact => fact.Kind == EntryKind.Corrected && fact.About == target.Number).Sum(fact => fact.Amount);
        var difference = command.Difference.NanoDollars;
        if (target.Amount + before + difference < 0)
            return session.Refuse(RefusalReason.CorrectionTooLarge);
        var fact = new Happening
        {
            Kind = EntryKind.Corrected,
            Amount = difference,
            About = target.Number,
            Intent = command,
        };
        if (movesSpend)
            return session.Happens(session.WithConsequences(fact with { Child = target.Child, Call = target.Call }));

        if (Now.End != EndReason.None)
            return session.Refuse(RefusalReason.SessionEnded);
        return NewBudget(fact with { MovesBudget = true }, Now.Budget + difference);
    }

    private Expected Pause(PauseCommand command) =>
        Now.PausedBy.HasFlag(command.Source)
            ? session.AsItIs()
            : session.Happens(
                new Happening
                {
                    Kind = EntryKind.Paused,
                    Who = command.Source,
                    Intent = command,
                }
            );

    // A pause is let go of first; only then does an operator close what lies beneath it.
    private Expected Resume(ResumeCommand command)
    {
        var fact = new Happening { Kind = EntryKind.Resumed, Intent = command };
        if (Now.PausedBy.HasFlag(command.Source))
            return session.Happens(fact with { Who = command.Source });
        var mayClose =
            command.Source == PauseSources.Operator
            && (Now.Opened == OpenReason.LoopDetected || (Now.Opened == OpenReason.BudgetExhausted && Now.Available > 0));
        return mayClose ? session.Happens(fact with { Closes = true }) : session.Refuse(RefusalReason.NothingToResume);
    }

    private Expected Close(CloseCommand command)
    {
        if (Now.End != EndReason.None)
            return session.AsItIs();
        session.ReleaseAll();
        return session.Happens(
            new Happening
            {
                Kind = EntryKind.Ended,
                End = command.IsStop ? EndReason.Stopped : EndReason.Closed,
                Intent = command,
            }
        );
    }
}
