using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;
using AgentBudget.Orleans.Hosting;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Telemetry;
using AgentBudget.Orleans.Writing;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The shell around one session's ledger: load, decide, write, answer. Reentrant, because the decision is one turn and only the wait
/// for the disk is long: calls that arrive meanwhile are decided and become durable together.
/// </summary>
[Reentrant]
internal sealed class BudgetSessionGrain : Grain, IBudgetSession, ISessionFamily, ISessionUpkeep
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMinutes(1);

    private readonly LedgerWriter writer;
    private readonly ILedgerStore store;
    private readonly AgentBudgetOptions options;
    private readonly TimeProvider time;
    private readonly LedgerMetrics metrics;
    private readonly FamilyProtocol family;
    private Task<ActiveSession>? loading;
    private TaskCompletionSource? stop;
    private IGrainTimer? dueTimer;
    private DateTimeOffset dueTimerAt = DateTimeOffset.MaxValue;

    public BudgetSessionGrain(LedgerWriter writer, ILedgerStore store, IOptions<AgentBudgetOptions> options, LedgerClock clock, LedgerMetrics metrics)
    {
        this.writer = writer;
        this.store = store;
        this.options = options.Value;
        time = clock.Time;
        this.metrics = metrics;
        family = new FamilyProtocol(this, GrainFactory);
    }

    public string SessionId => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        metrics.Activated();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Deactivated();
        return Task.CompletedTask;
    }

    public Task<SessionAnswer> OpenAsync(OpenCommand command)
    {
        if (command.Origin is not null) throw new ArgumentException("Only a parent session opens a carved child; use OpenCarvedChildAsync on the parent.");
        return ExecuteAsync(command);
    }

    public Task<SessionAnswer> ReserveAsync(ReserveCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> SettleAsync(SettleCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ReleaseAsync(ReleaseCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ExtendAsync(ExtendCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ChargeAsync(ChargeCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> TopUpAsync(TopUpCommand command)
    {
        if (command.CarveNumber != 0) throw new ArgumentException("The carve number is not for callers to set; leave it out.");
        return family.TopUpAsync(command);
    }

    public Task<SessionAnswer> SetBudgetAsync(SetBudgetCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CorrectAsync(CorrectCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> PauseAsync(PauseCommand command)
    {
        EnsureByOperator(command.Source);
        return family.WithChildrenToldAsync(ExecuteAsync(command));
    }

    public Task<SessionAnswer> ResumeAsync(ResumeCommand command)
    {
        EnsureByOperator(command.Source);
        return family.WithChildrenToldAsync(ExecuteAsync(command));
    }

    public Task<SessionAnswer> CloseAsync(CloseCommand command) => family.CloseAsync(command);

    public Task<SessionAnswer> OpenSharedChildAsync(OpenSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CloseSharedChildAsync(CloseSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> OpenCarvedChildAsync(OpenCarvedChildRequest request) => family.OpenChildAsync(request);

    public async Task<SessionReport?> ReportAsync(ReportQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Events, SessionReport.MaxEvents);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.FromSequence, 1);
        var session = await LoadedAsync();
        await ExpireDueAsync(session);
        if (!session.Ledger.Head.IsOpened) return null;
        // What is read below is decided; it may be told when it is durable.
        var report = SessionReport.Of(session.Ledger, query.Child, [], time.GetUtcNow());
        await session.WhenDurableAsync();
        if (report is null || query.Events == 0) return report;
        var events = await store.ReadAsync(SessionId, query.FromSequence, query.Events, CancellationToken.None);
        return report.WithEvents(events.Where(entry => entry.Sequence <= report.Standing.Sequence).ToArray());
    }

    public async Task<TimelinePage?> TimelineAsync(long fromSequence, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromSequence, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SessionReport.MaxEvents);
        var session = await LoadedAsync();
        var total = session.Ledger.Head.Sequence;
        if (!session.Ledger.Head.IsOpened) return null;
        await session.WhenDurableAsync();
        var entries = await store.ReadAsync(SessionId, fromSequence, count, CancellationToken.None);
        return new TimelinePage { Entries = entries.Where(entry => entry.Sequence <= total).ToArray(), Total = total };
    }

    public async Task<Standing> StandingAsync()
    {
        var session = await LoadedAsync();
        await ExpireDueAsync(session);
        var standing = session.Ledger.Head.Standing;
        await session.WhenDurableAsync();
        return standing;
    }

    public async Task<bool> WaitForStopAsync(TimeSpan atMost)
    {
        if (atMost < TimeSpan.Zero || atMost > LongestWait) throw new ArgumentException($"The wait is {atMost}; it must be from zero to {LongestWait}.");
        if (IsStopped(await StandingAsync())) return true;
        stop ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await stop.Task.WaitAsync(atMost, time);
        }
        catch (TimeoutException)
        {
        }

        return IsStopped(await StandingAsync());
    }

    Task<SessionAnswer> ISessionFamily.OpenCarvedAsync(OpenCommand command) => ExecuteAsync(command);

    Task<SessionAnswer> ISessionFamily.CarveMoreAsync(CarveCommand command) => ExecuteAsync(command);

    Task<Entry[]> ISessionFamily.CarvesAfterAsync(long carveId, int number) => family.CarvesAfterAsync(carveId, number);

    Task<SealAnswer> ISessionFamily.SealAsync(SealCommand command) => family.SealAsync(command);

    Task ISessionFamily.HoldAsync(string parentId, bool isPaused) => family.HoldAsync(parentId, isPaused);

    Task<SessionAnswer> ISessionFamily.ReturnAsync(ReturnCarveCommand command) => ExecuteAsync(command);

    async Task ISessionUpkeep.TendAsync()
    {
        var session = await LoadedAsync();
        var head = session.Ledger.Head;
        if (head.Sequence == 0) return;
        var before = head.Sequence;
        await ExpireDueAsync(session);
        if (DueTimes.HasUnfinished(session.Ledger.Head)) await family.FinishAsync();
        head = session.Ledger.Head;
        var now = time.GetUtcNow();
        if (head.EndedAt is { } ended && ended + options.Retention <= now && !DueTimes.HasUnfinished(head))
        {
            await session.WhenDurableAsync();
            await store.PurgeAsync(SessionId, head.Sequence, CancellationToken.None);
            DeactivateOnIdle();
            return;
        }

        if (head.Sequence != before) return;
        var wanted = DueTimes.Wanted(session.Ledger, options.Retention);
        await session.RescheduleAsync(wanted > now ? wanted : now + DueTimes.ChildrenAreWell);
    }

    /// <summary>Decides a command of this session and answers when that is durable.</summary>
    internal async Task<SessionAnswer> ExecuteAsync(SessionCommand command)
    {
        command.Validate();
        var session = loading is { IsCompletedSuccessfully: true } loaded ? loaded.Result : await LoadedAsync();
        try
        {
            var decided = session.NeedsLookUp(command) ? await session.LookUpAndDecideAsync(command) : session.Decide(command, LookUps.None);
            await decided.Durable;
            Watch(session);
            if (decided.Answer.Standing.IsEnded) await family.TryTellParentAsync();
            return decided.Answer;
        }
        catch (Exception exception) when (exception is BudgetUnavailableException or LedgerLawViolationException)
        {
            // What was decided cannot be trusted any more: the next call meets a fresh activation that reloads.
            if (session.IsFaulted || exception is LedgerLawViolationException) Drop();
            throw;
        }
    }

    /// <summary>Durable entries that depend on another.</summary>
    internal ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(long sequence) => store.FindRelatedAsync(SessionId, sequence, CancellationToken.None);

    /// <summary>Durable entries from a sequence on.</summary>
    internal ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count) => store.ReadAsync(SessionId, fromSequence, count, CancellationToken.None);

    /// <summary>The session in memory; the first calls share one load.</summary>
    internal async Task<ActiveSession> LoadedAsync()
    {
        var mine = loading ??= LoadAsync();
        try
        {
            var session = await mine;
            if (!session.IsFaulted) return session;
            Drop();
        }
        catch
        {
            if (ReferenceEquals(loading, mine)) loading = null;
            throw;
        }

        throw new BudgetUnavailableException();
    }

    private async Task<ActiveSession> LoadAsync()
    {
        try
        {
            var loaded = await new SessionLoader(store).LoadAsync(SessionId, options.RecentKeys, CancellationToken.None);
            return new ActiveSession(loaded, writer, store, time, options, metrics);
        }
        catch (LedgerStoreUnavailableException exception)
        {
            throw new BudgetUnavailableException($"The ledger could not be read: {exception.Message}", exception);
        }
    }

    private async Task ExpireDueAsync(ActiveSession session)
    {
        if (await session.ExpireDueAsync()) Watch(session);
    }

    // After each change: wake those who wait for a stop, and see to it that something due within a minute is not left to the sweep.
    private void Watch(ActiveSession session)
    {
        if (stop is not null && IsStopped(session.Ledger.Head.Standing))
        {
            stop.TrySetResult();
            stop = null;
        }

        var due = session.NextDue;
        var now = time.GetUtcNow();
        if (due >= dueTimerAt || due - now > LongestTimer) return;
        dueTimer?.Dispose();
        dueTimerAt = due;
        dueTimer = this.RegisterGrainTimer(OnDueAsync, new GrainTimerCreationOptions(due > now ? due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        {
            Interleave = true,
        });
    }

    private async Task OnDueAsync(CancellationToken cancellationToken)
    {
        dueTimerAt = DateTimeOffset.MaxValue;
        var session = await LoadedAsync();
        await ExpireDueAsync(session);
        Watch(session);
    }

    private bool IsStopped(Standing standing)
    {
        if (standing.IsEnded) return true;
        var isObserving = loading is { IsCompletedSuccessfully: true } loaded && loaded.Result.Ledger.Head.Options?.Mode == SessionMode.Observe;
        return !isObserving && standing.Breaker.State != BreakerState.Closed;
    }

    private void Drop() => DeactivateOnIdle();

    private static void EnsureByOperator(PauseSources source)
    {
        if (source != PauseSources.Operator) throw new ArgumentException("Callers pause and resume as operators; leave the source out.");
    }
}
