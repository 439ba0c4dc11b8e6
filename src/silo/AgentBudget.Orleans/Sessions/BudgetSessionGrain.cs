using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Expiry;
using Orleans.Concurrency;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// One session as a grain: what callers may ask, handed to those who do it, and a timer. Reentrant, because a decision is one turn and
/// only the wait for the disk is long: calls that arrive meanwhile are decided and become durable together.
/// </summary>
[Reentrant, GrainType("agentbudget.session")]
internal sealed class BudgetSessionGrain : Grain, IBudgetSession, ILedgerPeer, ISessionUpkeep
{
    private readonly SessionExecutor session;
    private Correspondence? correspondence;
    private IGrainTimer? dueTimer;
    private DueTimer due = new();

    public BudgetSessionGrain(SessionServices services) =>
        session = new SessionExecutor(this.GetPrimaryKeyString(), services, new ActivationEnd(GrainContext));

    private SessionServices Services => session.Services;

    // Most sessions have neither parent nor holders.
    private Correspondence Correspondence =>
        correspondence ??= new Correspondence(session, new GrainPeers(GrainFactory, session.End), Services.Time, session.End.Begun);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Services.Metrics.Activated();
        await ActivationStart.EndFirstTurn();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Services.Metrics.Deactivated();
        session.End.Ended();
        return session.EndAsync();
    }

    public Task<SessionAnswer> OpenAsync(OpenCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Validate();
        return OpenAsync(command with { Options = Services.OptionsPool.Share(command.Options) }, isByItself: false);
    }

    public Task<SessionAnswer> ReserveAsync(ReserveCommand command) => ExecuteAsync(command);

    public async Task<WaitedAnswer> ReserveWaitingAsync(ReserveCommand command, TimeSpan atMost, bool isAgain)
    {
        ArgumentNullException.ThrowIfNull(command);
        ReserveQueue.EnsureMayWait(command, atMost);
        session.Prefetch(command);
        using var arrival = session.Arrive(command.Key!);
        await PrepareAsync(command);
        var joined = session.WhenNextWaits;
        var waiting = session.ReserveAsync(command, atMost, isAgain);
        // It may wait for the tenant's money, which has to be asked for.
        if (!waiting.IsCompleted)
            await Task.WhenAny(waiting, joined);
        if (session.HasOthers)
            await Correspondence.WakeAsync();
        // What the tenant answers in the background decides when it is to be asked again.
        do SetTimer();
        while (session.HasOthers && await Task.WhenAny(waiting, session.WhenNextHeard) != waiting);
        var answer = await waiting;
        SetTimer();
        KeepNothingOfAStranger();
        return answer;
    }

    public Task StopWaitingAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        session.StopWaiting(key);
        KeepNothingOfAStranger();
        return Task.CompletedTask;
    }

    public Task<SessionAnswer> SettleAsync(SettleCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ReleaseAsync(ReleaseCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ExtendAsync(ExtendCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> GrowAsync(GrowCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> ChargeAsync(ChargeCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> TopUpAsync(TopUpCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> SetBudgetAsync(SetBudgetCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CorrectAsync(CorrectCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> PauseAsync(PauseCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        EnsureByOperator(command.Source);
        return ExecuteAsync(command);
    }

    public Task<SessionAnswer> ResumeAsync(ResumeCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        EnsureByOperator(command.Source);
        return ExecuteAsync(command);
    }

    public Task<SessionAnswer> CloseAsync(CloseCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> OpenSharedChildAsync(OpenSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> CloseSharedChildAsync(CloseSharedChildCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> OpenCarvedChildAsync(OpenCarvedChildCommand command) => ExecuteAsync(command);

    public Task<SessionReport?> ReportAsync(ReportQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(new SessionReports(session).ReportAsync(query));
    }

    public Task<TimelinePage?> TimelineAsync(long fromSequence, int count) =>
        ReadAsync(new SessionReports(session).TimelineAsync(fromSequence, count));

    public Task<Standing> StandingAsync() => ReadAsync(session.StandingAsync());

    public Task<bool> WaitForStopAsync(TimeSpan atMost) => ReadAsync(session.WaitForStopAsync(SessionWaiters.Checked(atMost)));

    public Task<bool> WaitForCutAsync(TimeSpan atMost) => ReadAsync(session.WaitForCutAsync(SessionWaiters.Checked(atMost)));

    async Task<LedgerMessage?> ILedgerPeer.HearAsync(LedgerMessage message)
    {
        var reply = await new MoneyAsks(session, Correspondence).ReceiveAsync(message);
        reply = await Correspondence.ReplyAsync(message, reply);
        SetTimer();
        return reply;
    }

    Task ISessionUpkeep.TendAsync() => new SessionUpkeep(session, Correspondence, Services.Spans).TendAsync();

    private async Task<T> ReadAsync<T>(Task<T> reading)
    {
        T answer;
        try
        {
            answer = await reading;
        }
        finally
        {
            KeepNothingOfAStranger();
        }

        // Who loads a session finds out what a crash has left unsaid.
        if (session.HasOthers)
            await Correspondence.WakeAsync();
        return answer;
    }

    private async Task<SessionAnswer> ExecuteAsync(SessionCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        session.Prefetch(command);
        if (!session.IsLoaded || session.AwaitsFirstGrant || session.IsUnknown)
            await PrepareAsync(command);
        var begun = await session.BeginAsync(command);
        try
        {
            await begun.Durable;
        }
        catch (Exception exception) when (SessionExecutor.IsOfTheLedger(exception))
        {
            throw session.Failed(begun, exception);
        }

        var executed = session.Finish(begun);
        if (executed.LacksParentsMoney)
            executed = await new MoneyAsks(session, Correspondence).ExecuteAsync(command, executed);

        SetTimer();
        KeepNothingOfAStranger();
        return executed.Ended is not null || session.HasOthers ? await AnswerAsync(command, executed) : executed.Answer;
    }

    // Loads the session, has its first money come, or opens it: what is not there for nearly every call.
    private async Task PrepareAsync(SessionCommand command)
    {
        if (!session.IsLoaded)
            await LoadForAsync(command);
        if (session.AwaitsFirstGrant)
            await Correspondence.AwaitFirstGrantAsync();
        if (session.IsUnknown && command is ReserveCommand or ChargeCommand)
            await OpenByItselfAsync();
    }

    // A session of a tenant is opened with the tenant's leave, and with its first money.
    private async Task<SessionAnswer> OpenAsync(OpenCommand command, bool isByItself)
    {
        await LoadForAsync(command);
        if (await session.RequestForAsync(command, isByItself) is not { } request)
            return await ExecuteAsync(command);
        LedgerMessage admission;
        try
        {
            admission = await Correspondence.AskForAdmissionAsync(request);
        }
        catch (Exception)
        {
            KeepNothingOfAStranger();
            throw;
        }

        var executed = await session.ExecuteAsync(command, admission);
        SetTimer();
        KeepNothingOfAStranger();
        return executed.Answer;
    }

    // Where its tenant says so, a session that nobody has opened is opened by its first call.
    private async Task OpenByItselfAsync()
    {
        if ((SessionIds.TenantOf(session.SessionId) ?? Services.DefaultTenant) is { } tenant)
            await OpenAsync(
                new OpenCommand
                {
                    Options = new BudgetSessionOptions { Budget = Money.Zero, Tenant = tenant },
                },
                isByItself: true
            );
    }

    private async Task LoadForAsync(SessionCommand command)
    {
        try
        {
            command.Validate();
            await session.LoadedAsync();
        }
        catch (Exception)
        {
            // Not when it could be loaded: the command may be the one that opens it.
            KeepNothingOfAStranger();
            throw;
        }
    }

    // An id that is no session's keeps nothing here: asking for made-up ids would fill the silo.
    private void KeepNothingOfAStranger()
    {
        if (session.IsUnknown)
            DeactivateOnIdle();
    }

    private async Task<SessionAnswer> AnswerAsync(SessionCommand command, Executed executed)
    {
        var answer = await Correspondence.AnswerAsync(command, executed);
        SetTimer();
        return answer;
    }

    private void SetTimer()
    {
        if (!due.MustBeSet(session, out var options))
            return;
        dueTimer?.Dispose();
        dueTimer = this.RegisterGrainTimer(OnDueAsync, options);
    }

    private async Task OnDueAsync(CancellationToken cancellationToken)
    {
        due.WentOff();
        await session.ExpireDueAsync();
        // It may have ended by that, which others have to hear.
        if (session.HasOthers)
            await Correspondence.WakeAsync();
        SetTimer();
    }

    internal static void EnsureByOperator(PauseSources source)
    {
        if (source != PauseSources.Operator)
            throw new ArgumentException("Callers pause and resume as operators; leave the source out.");
    }
}
