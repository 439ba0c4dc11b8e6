namespace AgentBudget.Ledger.Tests;

/// <summary>Short forms in which examples are written: amounts as text, a call named "search" unless another one matters.</summary>
internal static class SessionScript
{
    public static Money Usd(string amount) => amount.StartsWith('-') ? -Money.Parse(amount[1..]) : Money.Parse(amount);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    /// <summary>A session that is open, with the given budget and, where they matter, other options.</summary>
    public static SessionShell Opened(string budget = "1.00", Func<BudgetSessionOptions, BudgetSessionOptions>? with = null)
    {
        var shell = new SessionShell();
        shell.Open(budget, with);
        return shell;
    }

    /// <summary>The same under a tenant that was never set.</summary>
    public static SessionShell OpenedUnder(string tenant, string budget, Func<BudgetSessionOptions, BudgetSessionOptions>? with = null)
    {
        var shell = new SessionShell($"{tenant}@s-1");
        shell.Open(budget, with);
        return shell;
    }

    public static SessionAnswer Open(
        this SessionShell shell,
        string budget,
        Func<BudgetSessionOptions, BudgetSessionOptions>? with = null,
        string? key = null
    )
    {
        var options = new BudgetSessionOptions { Budget = Usd(budget) };
        return shell.Run(new OpenCommand { Options = with is null ? options : with(options), Key = key });
    }

    public static SessionAnswer Reserve(
        this SessionShell shell,
        string amount,
        string? least = null,
        bool final = false,
        TimeSpan? timeToLive = null,
        string? child = null,
        string? key = null,
        Call? call = null
    ) =>
        shell.Run(
            new ReserveCommand
            {
                Amount = Usd(amount),
                Call = call ?? Call.Tool("search"),
                LeastAmount = least is null ? null : Usd(least),
                IsFinal = final,
                TimeToLive = timeToLive ?? Minutes(15),
                Child = child,
                Key = key,
            }
        );

    public static SessionAnswer Settle(this SessionShell shell, long reservation, string cost, string? key = null, Call? call = null) =>
        shell.Run(
            new SettleCommand
            {
                ReservationId = reservation,
                Cost = Usd(cost),
                Key = key,
                Call = call,
            }
        );

    public static SessionAnswer Release(this SessionShell shell, long reservation, string? key = null) =>
        shell.Run(new ReleaseCommand { ReservationId = reservation, Key = key });

    public static SessionAnswer Extend(this SessionShell shell, long reservation, TimeSpan timeToLive, string? key = null) =>
        shell.Run(
            new ExtendCommand
            {
                ReservationId = reservation,
                TimeToLive = timeToLive,
                Key = key,
            }
        );

    public static SessionAnswer Grow(
        this SessionShell shell,
        long reservation,
        string amount,
        string? least = null,
        bool final = false,
        string? key = null
    ) =>
        shell.Run(
            new GrowCommand
            {
                ReservationId = reservation,
                Amount = Usd(amount),
                LeastAmount = least is null ? null : Usd(least),
                IsFinal = final,
                Key = key,
            }
        );

    public static SessionAnswer Charge(this SessionShell shell, string cost, string? child = null, string? key = null, Call? call = null) =>
        shell.Run(
            new ChargeCommand
            {
                Cost = Usd(cost),
                Call = call ?? Call.Tool("search"),
                Child = child,
                Key = key,
            }
        );

    public static SessionAnswer TopUp(this SessionShell shell, string amount, string? key = null) =>
        shell.Run(new TopUpCommand { Amount = Usd(amount), Key = key });

    public static SessionAnswer SetBudget(this SessionShell shell, string budget, string? key = null) =>
        shell.Run(new SetBudgetCommand { Budget = Usd(budget), Key = key });

    public static SessionAnswer Correct(this SessionShell shell, long entry, string difference, string? key = null) =>
        shell.Run(
            new CorrectCommand
            {
                EntrySequence = entry,
                Difference = Usd(difference),
                Reason = "invoice",
                Key = key,
            }
        );

    public static SessionAnswer Pause(this SessionShell shell, PauseSources source = PauseSources.Operator, string? key = null) =>
        shell.Run(new PauseCommand { Source = source, Key = key });

    public static SessionAnswer Resume(this SessionShell shell, PauseSources source = PauseSources.Operator, string? key = null) =>
        shell.Run(new ResumeCommand { Source = source, Key = key });

    public static SessionAnswer Close(this SessionShell shell, bool stop = false, string? key = null) =>
        shell.Run(new CloseCommand { IsStop = stop, Key = key });

    public static SessionAnswer OpenShared(this SessionShell shell, string child) =>
        shell.Run(new OpenSharedChildCommand { Child = child });

    public static SessionAnswer CloseShared(this SessionShell shell, string child) =>
        shell.Run(new CloseSharedChildCommand { Child = child });

    public static SessionAnswer Carve(this SessionShell shell, string child, string amount, string? key = null) =>
        shell.Run(
            new OpenCarvedChildCommand
            {
                Child = child,
                Options = new BudgetSessionOptions { Budget = Usd(amount) },
                Key = key,
            }
        );

    /// <summary>Why it was refused; <see cref="RefusalReason.None"/> when it was not.</summary>
    public static RefusalReason Reason(this SessionAnswer answer) => answer.Refusal?.Reason ?? RefusalReason.None;

    public static SessionReport Report(this SessionShell shell, string? child = null) =>
        SessionReport.Of(shell.Ledger, child, shell.Timeline, shell.Now)!;
}
