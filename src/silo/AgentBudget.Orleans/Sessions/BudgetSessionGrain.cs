using AgentBudget.Orleans.Expiry;
using AgentBudget.Orleans.Family;
using Orleans.Concurrency;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// One session as a grain: what callers may ask, handed to those who do it, and a timer. Reentrant, because a decision is one turn and
/// only the wait for the disk is long: calls that arrive meanwhile are decided and become durable together.
/// </summary>
[Reentrant, GrainType("agentbudget.session")]
internal sealed class BudgetSessionGrain : Grain, IBudgetSession, ISessionFamily, ISessionUpkeep
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMinutes(1);

    private readonly SessionServices services;
    private readonly ActivationEnd end;
    private readonly SessionExecutor session;
    private FamilyProtocol? family;
    private IGrainTimer? dueTimer;
    private long dueTimerAtTicks = long.MaxValue;

    public BudgetSessionGrain(SessionServices services)
    {
        this.services = services;
        end = new ActivationEnd(GrainContext);
        session = new SessionExecutor(this.GetPrimaryKeyString(), services, end);
    }

    private FamilyProtocol Family => family ??= new FamilyProtocol(session, new GrainRelatives(GrainFactory, end));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        services.Metrics.Activated();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        services.Metrics.Deactivated();
        return session.EndAsync();
    }

    public Task<SessionAnswer> OpenAsync(OpenCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Origin is not null)
            throw new ArgumentException("Only a parent session opens a carved child; use OpenCarvedChildAsync on the parent.");
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
        ArgumentNullException.ThrowIfNull(command);
        if (command.CarveNumber != 0)
            throw new ArgumentException("The carve number is not for callers to set; leave it out.");
        return AnsweredAsync(Family.TopUpAsync(command));
    }

    public Task<SessionAnswer> SetBudgetAsync(SetBudgetCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CorrectAsync(CorrectCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> PauseAsync(PauseCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        EnsureByOperator(command.Source);
        return ExecuteAndTellChildrenAsync(command);
    }

    public Task<SessionAnswer> ResumeAsync(ResumeCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        EnsureByOperator(command.Source);
        return ExecuteAndTellChildrenAsync(command);
    }

    public Task<SessionAnswer> CloseAsync(CloseCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return AnsweredAsync(Family.CloseAsync(command));
    }

    public Task<SessionAnswer> OpenSharedChildAsync(OpenSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CloseSharedChildAsync(CloseSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> OpenCarvedChildAsync(OpenCarvedChildRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AnsweredAsync(Family.OpenChildAsync(request));
    }

    public Task<SessionReport?> ReportAsync(ReportQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(new SessionReports(session).ReportAsync(query));
    }

    public Task<TimelinePage?> TimelineAsync(long fromSequence, int count) =>
        ReadAsync(new SessionReports(session).TimelineAsync(fromSequence, count));

    public Task<Standing> StandingAsync() => ReadAsync(session.StandingAsync());

    public Task<bool> WaitForStopAsync(TimeSpan atMost)
    {
        if (atMost < TimeSpan.Zero || atMost > LongestWait)
            throw new ArgumentException($"The wait is {atMost}; it must be from zero to {LongestWait}.");
        return ReadAsync(session.WaitForStopAsync(atMost));
    }

    // Where parent or child asks, the parent is not told of the session's end before the answer: it would wait for an answer that waits for
    // it.
    Task<SessionAnswer> ISessionFamily.OpenCarvedAsync(OpenCommand command) => ExecuteForParentAsync(command);

    Task<SessionAnswer> ISessionFamily.CarveMoreAsync(CarveCommand command) => ExecuteAsync(command);

    Task<Entry[]> ISessionFamily.CarvesAfterAsync(long carveId, int number) => Family.CarvesAfterAsync(carveId, number);

    Task<SealAnswer> ISessionFamily.SealAsync(SealCommand command) => Family.SealAsync(command);

    Task ISessionFamily.HoldAsync(string parentId, bool isPaused) => Family.HoldAsync(parentId, isPaused);

    Task<SessionAnswer> ISessionFamily.ReturnAsync(ReturnCarveCommand command) => ExecuteAsync(command);

    Task ISessionUpkeep.TendAsync() => new SessionUpkeep(session, Family, services.Options.Retention).TendAsync();

    // An id that is no session's keeps nothing here: asking for made-up ids would fill the silo.
    private async Task<T> ReadAsync<T>(Task<T> reading)
    {
        var answer = await reading;
        if (session.IsUnknown)
            DeactivateOnIdle();
        return answer;
    }

    private async Task<SessionAnswer> ExecuteAsync(SessionCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var answer = await session.ExecuteAsync(command);
        SetTimer();
        if (session.IsUnknown)
            DeactivateOnIdle();
        if (answer.Standing.IsEnded)
            await Family.TryTellParentAsync();
        return answer;
    }

    private async Task<SessionAnswer> ExecuteForParentAsync(SessionCommand command)
    {
        var answer = await session.ExecuteAsync(command);
        SetTimer();
        return answer;
    }

    private async Task<SessionAnswer> ExecuteAndTellChildrenAsync(SessionCommand command)
    {
        var answer = await ExecuteAsync(command);
        if (answer.IsGranted)
            await Family.TryTellChildrenAsync();
        return answer;
    }

    // What the protocol did: a parent that has not heard of the session's end hears of it before the answer.
    private async Task<SessionAnswer> AnsweredAsync(Task<SessionAnswer> done)
    {
        var answer = await done;
        SetTimer();
        await Family.TryTellParentAsync();
        return answer;
    }

    // What is due within a minute is not left to the sweep.
    private void SetTimer()
    {
        var due = session.NextDue;
        if (due.UtcTicks >= dueTimerAtTicks || session.DueIn is var dueIn && dueIn > LongestTimer)
            return;
        dueTimer?.Dispose();
        dueTimerAtTicks = due.UtcTicks;
        dueTimer = this.RegisterGrainTimer(
            OnDueAsync,
            new GrainTimerCreationOptions(dueIn > TimeSpan.Zero ? dueIn : TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true }
        );
    }

    private async Task OnDueAsync(CancellationToken cancellationToken)
    {
        dueTimerAtTicks = long.MaxValue;
        await session.ExpireDueAsync();
        SetTimer();
    }

    private static void EnsureByOperator(PauseSources source)
    {
        if (source != PauseSources.Operator)
            throw new ArgumentException("Callers pause and resume as operators; leave the source out.");
    }
}
