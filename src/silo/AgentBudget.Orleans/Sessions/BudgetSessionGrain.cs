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

    private readonly SessionServices services;
    private FamilyProtocol? protocol;
    private SessionSlot? slot;
    private TaskCompletionSource? stop;
    private TaskCompletionSource? leaving;
    private IGrainTimer? dueTimer;
    private DateTimeOffset dueTimerAt = DateTimeOffset.MaxValue;

    public BudgetSessionGrain(SessionServices services) => this.services = services;

    public string SessionId => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        services.Metrics.Activated();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        services.Metrics.Deactivated();
        slot?.Current?.Leave();
        return Task.CompletedTask;
    }

    public Task<SessionAnswer> OpenAsync(OpenCommand command)
    {
        if (command.Origin is not null) throw new ArgumentException("Only a parent session opens a carved child; use OpenCarvedChildAsync on the parent.");
        command.Validate();
        return ExecuteAsync(command with { Options = services.OptionsPool.Share(command.Options) });
    }

    public Task<SessionAnswer> ReserveAsync(ReserveCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> SettleAsync(SettleCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ReleaseAsync(ReleaseCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ExtendAsync(ExtendCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ChargeAsync(ChargeCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> TopUpAsync(TopUpCommand command)
    {
        if (command.CarveNumber != 0) throw new ArgumentException("The carve number is not for callers to set; leave it out.");
        return Family.TopUpAsync(command);
    }

    public Task<SessionAnswer> SetBudgetAsync(SetBudgetCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CorrectAsync(CorrectCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> PauseAsync(PauseCommand command)
    {
        EnsureByOperator(command.Source);
        return Family.WithChildrenToldAsync(ExecuteAsync(command));
    }

    public Task<SessionAnswer> ResumeAsync(ResumeCommand command)
    {
        EnsureByOperator(command.Source);
        return Family.WithChildrenToldAsync(ExecuteAsync(command));
    }

    public Task<SessionAnswer> CloseAsync(CloseCommand command) => Family.CloseAsync(command);

    public Task<SessionAnswer> OpenSharedChildAsync(OpenSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CloseSharedChildAsync(CloseSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> OpenCarvedChildAsync(OpenCarvedChildRequest request) => Family.OpenChildAsync(request);

    public async Task<SessionReport?> ReportAsync(ReportQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Events, SessionReport.MaxEvents);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.FromSequence, 1);
        var session = await LoadedAsync();
        await ExpireDueAsync(session);
        if (!session.Ledger.Head.IsOpened) return null;
        // What is read below is decided; it may be told when it is durable.
        var report = SessionReport.Of(session.Ledger, query.Child, [], Time.GetUtcNow());
        await session.WhenDurableAsync();
        if (report is null || query.Events == 0) return report;
        var events = await services.Store.ReadAsync(SessionId, query.FromSequence, query.Events, CancellationToken.None);
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
        var entries = await services.Store.ReadAsync(SessionId, fromSequence, count, CancellationToken.None);
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
        stop ??= NewSignal();
        try
        {
            await stop.Task.WaitAsync(atMost, Time);
        }
        catch (TimeoutException)
        {
        }

        return IsStopped(await StandingAsync());
    }

    Task<SessionAnswer> ISessionFamily.OpenCarvedAsync(OpenCommand command) => ExecuteAsync(command, tellsParent: false);

    Task<SessionAnswer> ISessionFamily.CarveMoreAsync(CarveCommand command) => ExecuteAsync(command);

    Task<Entry[]> ISessionFamily.CarvesAfterAsync(long carveId, int number) => Family.CarvesAfterAsync(carveId, number);

    Task<SealAnswer> ISessionFamily.SealAsync(SealCommand command) => Family.SealAsync(command);

    Task ISessionFamily.HoldAsync(string parentId, bool isPaused) => Family.HoldAsync(parentId, isPaused);

    Task<SessionAnswer> ISessionFamily.ReturnAsync(ReturnCarveCommand command) => ExecuteAsync(command);

    async Task ISessionUpkeep.TendAsync()
    {
        var session = await LoadedAsync();
        var head = session.Ledger.Head;
        if (head.Sequence == 0) return;
        var before = head.Sequence;
        await ExpireDueAsync(session);
        if (DueTimes.HasUnfinished(session.Ledger.Head)) await Family.FinishAsync();
        head = session.Ledger.Head;
        var now = Time.GetUtcNow();
        if (head.EndedAt is { } ended && ended + services.Options.Retention <= now && !DueTimes.HasUnfinished(head))
        {
            await session.WhenDurableAsync();
            await services.Store.PurgeAsync(SessionId, head.Sequence, CancellationToken.None);
            DeactivateOnIdle();
            return;
        }

        if (head.Sequence != before) return;
        var wanted = DueTimes.Wanted(session.Ledger, services.Options.Retention);
        await session.RescheduleAsync(wanted > now ? wanted : now + DueTimes.ChildrenAreWell);
    }

    private FamilyProtocol Family => protocol ??= new FamilyProtocol(this, GrainFactory);

    private TimeProvider Time => services.Time;

    /// <summary>Decides a command of this session and answers when that is durable.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="tellsParent">
    /// Whether a parent that has not heard of the session's end hears of it before the answer. Never where the parent itself is the
    /// caller: it would wait for an answer that waits for it.
    /// </param>
    internal async Task<SessionAnswer> ExecuteAsync(SessionCommand command, bool tellsParent = true)
    {
        command.Validate();
        var session = slot?.Current ?? await LoadedAsync();
        try
        {
            var decided = session.NeedsLookUp(command) ? await session.LookUpAndDecideAsync(command) : session.Decide(command, LookUps.None);
            await decided.Durable;
            Watch(session, decided.At);
            if (tellsParent && decided.Answer.Standing.IsEnded) await Family.TryTellParentAsync();
            return decided.Answer;
        }
        catch (BudgetUnavailableException)
        {
            // What was decided cannot be trusted any more.
            Slot.DropFaulted(session);
            throw;
        }
        catch (LedgerLawViolationException violation)
        {
            Leave();
            throw SessionSlot.Broken(violation);
        }
    }

    /// <summary>Durable entries that depend on another.</summary>
    internal ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(long sequence) => services.Store.FindRelatedAsync(SessionId, sequence, CancellationToken.None);

    /// <summary>Durable entries from a sequence on.</summary>
    internal ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count) => services.Store.ReadAsync(SessionId, fromSequence, count, CancellationToken.None);

    /// <summary>The session in memory.</summary>
    internal ValueTask<ActiveSession> LoadedAsync() => Slot.LoadedAsync();

    private SessionSlot Slot => slot ??= new SessionSlot(this, services);

    private async Task ExpireDueAsync(ActiveSession session)
    {
        if (await session.ExpireDueAsync()) Watch(session, Time.GetUtcNow());
    }

    // After each change: wake those who wait for a stop, and see to it that something due within a minute is not left to the sweep.
    private void Watch(ActiveSession session, DateTimeOffset now)
    {
        if (stop is not null && IsStopped(session.Ledger.Head.Standing))
        {
            stop.TrySetResult();
            stop = null;
        }

        var due = session.NextDue;
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
        Watch(session, Time.GetUtcNow());
    }

    private bool IsStopped(Standing standing)
    {
        if (standing.IsEnded) return true;
        var isObserving = slot?.Current?.Ledger.Head.Options?.Mode == SessionMode.Observe;
        return !isObserving && standing.Breaker.State != BreakerState.Closed;
    }

    /// <summary>Ends the activation when its calls have ended. Those who wait for a stop or another session would hold up all others, so they go.</summary>
    internal void Leave()
    {
        stop?.TrySetResult();
        stop = null;
        (leaving ??= NewSignal()).TrySetResult();
        DeactivateOnIdle();
    }

    /// <summary>Waits for what was asked of another session, but not when this activation ends: then whether that has happened is unknown.</summary>
    /// <exception cref="BudgetUnavailableException">This activation ends.</exception>
    internal async Task<T> UnlessLeavingAsync<T>(Task<T> asked)
    {
        await UnlessLeavingAsync((Task)asked);
        return await asked;
    }

    /// <inheritdoc cref="UnlessLeavingAsync{T}(Task{T})"/>
    internal async Task UnlessLeavingAsync(Task asked)
    {
        leaving ??= NewSignal();
        if (await Task.WhenAny(asked, leaving.Task) != asked)
        {
            asked.Ignore();
            throw new BudgetUnavailableException("The session moves to another activation; send the operation again with the same key.");
        }

        await asked;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void EnsureByOperator(PauseSources source)
    {
        if (source != PauseSources.Operator) throw new ArgumentException("Callers pause and resume as operators; leave the source out.");
    }
}
