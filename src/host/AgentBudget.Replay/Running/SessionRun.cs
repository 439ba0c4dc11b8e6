using System.Globalization;

namespace AgentBudget.Replay.Running;

/// <summary>One recorded run in one session: opens it, sends event after event at its time, and closes it where the run ends or is
/// stopped.</summary>
internal sealed class SessionRun(IBudgetSession session, ReplayClock clock, Trace trace, ReplaySettings settings)
{
    private Money spent;
    private bool hasUserSpoken;

    /// <summary>The event at which the run was stopped, or null.</summary>
    public TraceEvent? StoppedAt { get; private set; }

    /// <summary>Why, when a refusal stopped it.</summary>
    public RefusalReason Refusal { get; private set; }

    /// <summary>The event that crossed the first soft limit, or null.</summary>
    public TraceEvent? SoftLimitAt { get; private set; }

    /// <summary>The event that was first warned about, or null.</summary>
    public TraceEvent? LoopWarningAt { get; private set; }

    /// <summary>Runs all of it.</summary>
    public async Task RunAsync(PricedTrace priced, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        clock.Set(trace.Start);
        await OpenAsync(cancellationToken);
        foreach (var group in CallGroups.Of(priced.Events))
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Set(trace.Start + group[0].Event.Elapsed);
            if (group[0].Event.IsUserMessage)
                hasUserSpoken = true;
            else if (settings.Mode == ReplayMode.Charge)
                await ChargeAsync(group, cancellationToken);
            else
                await ReserveAndSettleAsync(group, cancellationToken);
            progress?.Report(new ReplayProgress(trace.File, group[^1].Event.Number, priced.Events.Count, spent));
            if (StoppedAt is not null)
                break;
        }

        await LedgerCommands.SendAsync(new CloseCommand { Key = "close" }, session.CloseAsync, cancellationToken);
    }

    /// <summary>The final report.</summary>
    public async Task<SessionReport> ReportAsync() =>
        await session.ReportAsync(new ReportQuery { Events = SessionReport.MaxEvents })
        ?? throw new TraceException(trace.File, "its session is gone from the ledger; another program may have purged it.");

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var command = new OpenCommand { Key = "open", Options = settings.ToOptions(trace.Agent) };
        var answer = await LedgerCommands.SendAsync(command, session.OpenAsync, cancellationToken);
        if (answer.Refusal is { } refusal)
            throw new TraceException(trace.File, $"no session could be opened for it: {Words.Of(refusal.Reason)}.");
    }

    private async Task ChargeAsync(ArraySegment<PricedEvent> group, CancellationToken cancellationToken)
    {
        foreach (var next in group)
        {
            if (next.Cost is not { } cost)
                continue;
            var charge = new ChargeCommand
            {
                Key = Key(next, "charge"),
                Cost = cost,
                Call = Marked(next.Call),
            };
            Saw(next.Event, await LedgerCommands.SendAsync(charge, session.ChargeAsync, cancellationToken));
            if (StoppedAt is not null)
                return;
        }
    }

    // All of the group reserve before any of it settles; what was reserved before one was refused was made.
    private async Task ReserveAndSettleAsync(ArraySegment<PricedEvent> group, CancellationToken cancellationToken)
    {
        var made = new List<(PricedEvent Event, long Reservation)>(group.Count);
        foreach (var next in group)
        {
            if (next.Cost is not { } cost)
                continue;
            // The result is not known yet: it is reported when the call is settled.
            var reserve = new ReserveCommand
            {
                Key = Key(next, "reserve"),
                Amount = cost,
                Call = Marked(next.Call) with { Result = 0, Failed = false },
            };
            var reserved = await LedgerCommands.SendAsync(reserve, session.ReserveAsync, cancellationToken);
            Saw(next.Event, reserved);
            if (!reserved.IsGranted)
                break;
            made.Add((next, reserved.ReservationId));
        }

        foreach (var (next, reservation) in made)
        {
            var settle = new SettleCommand
            {
                Key = Key(next, "settle"),
                ReservationId = reservation,
                Cost = next.Cost!.Value,
                Call = next.Call,
            };
            Saw(next.Event, await LedgerCommands.SendAsync(settle, session.SettleAsync, cancellationToken));
        }
    }

    private Call Marked(Call call)
    {
        var marked = hasUserSpoken ? call with { AfterUser = true } : call;
        hasUserSpoken = false;
        return marked;
    }

    private void Saw(TraceEvent traced, SessionAnswer answer)
    {
        spent = answer.Standing.Spent;
        if (answer.Signals.HasFlag(EntrySignals.SoftLimit))
            SoftLimitAt ??= traced;
        if (answer.Signals.HasFlag(EntrySignals.LoopWarning))
            LoopWarningAt ??= traced;
        if (StoppedAt is null && IsStopped(answer))
            (StoppedAt, Refusal) = (traced, answer.Refusal?.Reason ?? RefusalReason.None);
    }

    private bool IsStopped(SessionAnswer answer) =>
        !answer.IsGranted
        || (settings.Mode == ReplayMode.Charge && (answer.Standing.Breaker.State != BreakerState.Closed || answer.Standing.IsEnded));

    // The same event has the same key in every replay: its name is all that there is to say about it.
    private static string Key(PricedEvent next, string step) =>
        string.Create(CultureInfo.InvariantCulture, $"event-{next.Event.Number}/{step}");
}
