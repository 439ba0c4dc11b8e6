using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Expiry;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Storage;
using Orleans.Concurrency;

namespace AgentBudget.Orleans.Tenants;

/// <summary>
/// One tenant as a grain, whatever its place in the tree: over the same executor, writer and store as sessions. Its ledger has the tenant's
/// path behind a mark that no session's id has.
/// </summary>
[Reentrant, GrainType(LedgerGrains.TenantType)]
internal sealed class TenantBudgetGrain : Grain, ITenantBudget, ILedgerPeer, ISessionUpkeep
{
    private readonly SessionExecutor ledger;
    private readonly Correspondence correspondence;
    private readonly TenantSpendReader spend;
    private readonly TenantTrim trim;
    private IGrainTimer? dueTimer;
    private DueTimer due = new();

    public TenantBudgetGrain(SessionServices services)
    {
        var path = TenantPath.Parse(this.GetPrimaryKeyString());
        ledger = new SessionExecutor(LedgerIds.OfOtherKind(path.ToString()), services, new ActivationEnd(GrainContext), isTenants: true);
        correspondence = new Correspondence(ledger, new GrainPeers(GrainFactory, ledger.End), services.Time, ledger.End.Begun);
        spend = new TenantSpendReader(ledger);
        trim = new TenantTrim(ledger, services.Options.TenantTimelinesKeptFor);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ledger.Services.Metrics.Activated();
        await ActivationStart.EndFirstTurn();
        _ = KeepTimerAsync();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        ledger.Services.Metrics.Deactivated();
        ledger.End.Ended();
        return ledger.EndAsync();
    }

    public Task<SessionAnswer> SetAsync(SetTenantCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> TopUpAsync(TopUpTenantCommand command) => ExecuteAsync(command);

    public Task<SessionAnswer> PauseAsync(PauseCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        BudgetSessionGrain.EnsureByOperator(command.Source);
        return ExecuteAsync(command);
    }

    public Task<SessionAnswer> ResumeAsync(ResumeCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        BudgetSessionGrain.EnsureByOperator(command.Source);
        return ExecuteAsync(command);
    }

    public Task<SessionAnswer> StopAsync(StopTenantCommand command) => ExecuteAsync(command);

    public async Task<TenantReport?> ReportAsync()
    {
        await ledger.ExpireDueAsync();
        var report = TenantReport.Of((await ledger.LedgerAsync()).Head);
        await ledger.WhenDurableAsync();
        KeepNothingOfAStranger();
        if (report is not null)
            await correspondence.WakeAsync();
        return report;
    }

    public async Task<TenantSpend?> SpendAsync(TenantSpendQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        var read = await spend.ReadAsync(query);
        KeepNothingOfAStranger();
        return read;
    }

    public async Task<TimelinePage?> TimelineAsync(long fromSequence, int count)
    {
        var page = await new SessionReports(ledger).TimelineAsync(fromSequence, count);
        KeepNothingOfAStranger();
        return page;
    }

    async Task<LedgerMessage?> ILedgerPeer.HearAsync(LedgerMessage message)
    {
        var reply = await correspondence.ReplyAsync(message, await ReceiveAsync(message));
        SetTimer();
        KeepNothingOfAStranger();
        return reply;
    }

    // A session is opened with the defaults of all tenants above it, and whoever is below asks for the same reason.
    private async Task<LedgerMessage?> ReceiveAsync(LedgerMessage message)
    {
        if (message is AdmissionRequest or DefaultsRequest or HolderWord { WantsInherited: true })
            await correspondence.HearDefaultsAsync();
        return message is AdmissionRequest
            ? await new MoneyAsks(ledger, correspondence).ReceiveAsync(message)
            : await ledger.ReceiveAsync(message);
    }

    async Task ISessionUpkeep.TendAsync()
    {
        await new SessionUpkeep(ledger, correspondence, ledger.Services.Spans).TendAsync();
        if (!ledger.IsUnknown)
            await trim.TrimAsync();
    }

    private async Task<SessionAnswer> ExecuteAsync(SessionCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var executed = await ledger.ExecuteAsync(command);
        SetTimer();
        var answer = await correspondence.AnswerAsync(command, executed);
        KeepNothingOfAStranger();
        return answer;
    }

    private void KeepNothingOfAStranger()
    {
        if (ledger.IsUnknown)
            DeactivateOnIdle();
    }

    // What the tenants above and those below answer in the background is heard by no call of this grain.
    private async Task KeepTimerAsync()
    {
        while (await Task.WhenAny(ledger.End.Begun, ledger.WhenNextHeard) != ledger.End.Begun)
            SetTimer();
    }

    private void SetTimer()
    {
        if (!due.MustBeSet(ledger, out var options))
            return;
        dueTimer?.Dispose();
        dueTimer = this.RegisterGrainTimer(OnDueAsync, options);
    }

    private async Task OnDueAsync(CancellationToken cancellationToken)
    {
        due.WentOff();
        await ledger.ExpireDueAsync();
        await correspondence.WakeAsync();
        SetTimer();
    }
}
