using System.Globalization;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;

namespace AgentBudget.Replay.Running;

/// <summary>One recorded run in one session: opens it, sends event after event at its time, and closes it where the run ends or is stopped.</summary>
internal sealed class SessionRun(IBudgetSession session, ReplayClock clock, Trace trace, ReplaySettings settings)
{
    /// <summary>The event at which the run was stopped, or null.</summary>
    public TraceEvent? StoppedAt { get; private set; }

    /// <summary>Why, when a refusal stopped it.</summary>
    public RefusalReason Refusal { get; private set; }

    /// <summary>The event that crossed the first soft limit, or null.</summary>
    public TraceEvent? SoftLimitAt { get; private set; }

    /// <summary>Runs all of it.</summary>
    public async Task RunAsync(PricedTrace priced, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        clock.Set(trace.Start);
        await OpenAsync(cancellationToken);
        foreach (var next in priced.Events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Set(trace.Start + next.Event.Elapsed);
            if (next.Cost is not { } cost) continue;
            var answer = await SendAsync(next, cost, cancellationToken);
            if (answer.Signals.HasFlag(EntrySignals.SoftLimit)) SoftLimitAt ??= next.Event;
            progress?.Report(new ReplayProgress(trace.File, next.Event.Number, priced.Events.Count, answer.Standing.Spent));
            if (!IsStopped(answer)) continue;
            (StoppedAt, Refusal) = (next.Event, answer.Refusal?.Reason ?? RefusalReason.None);
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
        if (answer.Refusal is { } refusal) throw new TraceException(trace.File, $"no session could be opened for it: {Words.Of(refusal.Reason)}.");
    }

    private async Task<SessionAnswer> SendAsync(PricedEvent next, Money cost, CancellationToken cancellationToken)
    {
        if (settings.Mode == ReplayMode.Charge)
        {
            var charge = new ChargeCommand { Key = Key(next, "charge"), Cost = cost, Call = next.Call };
            return await LedgerCommands.SendAsync(charge, session.ChargeAsync, cancellationToken);
        }

        var reserve = new ReserveCommand { Key = Key(next, "reserve"), Amount = cost, Call = next.Call };
        var reserved = await LedgerCommands.SendAsync(reserve, session.ReserveAsync, cancellationToken);
        if (!reserved.IsGranted) return reserved;
        var settle = new SettleCommand { Key = Key(next, "settle"), ReservationId = reserved.ReservationId, Cost = cost };
        return await LedgerCommands.SendAsync(settle, session.SettleAsync, cancellationToken);
    }

    private bool IsStopped(SessionAnswer answer) =>
        !answer.IsGranted
        || (settings.Mode == ReplayMode.Charge && (answer.Standing.Breaker.State != BreakerState.Closed || answer.Standing.IsEnded));

    // The same event has the same key in every replay: its name is all that there is to say about it.
    private static string Key(PricedEvent next, string step) => string.Create(CultureInfo.InvariantCulture, $"event-{next.Event.Number}/{step}");
}
