namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// Serves one session: loads it when it is first asked for, decides, writes, answers when that is durable, and loads it anew after an
/// append that failed. Knows neither grains nor other sessions. Runs on one scheduler; between two awaits nothing else does.
/// </summary>
/// <param name="sessionId">The id of its ledger.</param>
/// <param name="services">What all sessions of the silo use.</param>
/// <param name="end">How its activation ends.</param>
/// <param name="isTenants">Whether the ledger is a tenant's. Where it is not, an id of a tenant's ledger is refused: two grains would serve
/// one ledger.</param>
internal sealed partial class SessionExecutor(string sessionId, SessionServices services, ActivationEnd end, bool isTenants = false)
    : ISessionExecutor
{
    private ActiveSession? current;
    private Task<ActiveSession>? loading;
    private SessionWaiters? waiters;
    private bool wasLoaded;

    public string SessionId => sessionId;

    /// <summary>What all sessions of the silo use.</summary>
    public SessionServices Services => services;

    /// <summary>How its activation ends.</summary>
    public ActivationEnd End => end;

    /// <summary>When something is due next, as far as the clock decides it, in the session's time; never before the first load.</summary>
    public DateTimeOffset NextDue => current?.NextDue ?? DateTimeOffset.MaxValue;

    /// <summary>How long a time of the session is from the last turn on.</summary>
    public TimeSpan Until(DateTimeOffset at) => current?.Until(at) ?? TimeSpan.MaxValue;

    /// <summary>Whether nothing is known under its id: there is nothing, or it could never be loaded.</summary>
    public bool IsUnknown => current is { } session ? session.Ledger.Head.Sequence == 0 : !wasLoaded;

    public bool IsLoaded => current is not null;

    // Most sessions have nobody who waits.
    private SessionWaiters Waiters => waiters ??= new SessionWaiters(end, services);

    /// <summary>Whether it has a parent, or holders of its money.</summary>
    public bool HasOthers => current is { Ledger.Head: { Link: not null } or { OpenHolders: > 0 } };

    /// <summary>Whether its money comes from a parent, and none of it is known to have arrived.</summary>
    public bool AwaitsFirstGrant => current is { Ledger.Head.AwaitsFirstGrant: true };

    /// <summary>The session; calls that come together share one load.</summary>
    /// <exception cref="BudgetUnavailableException">The store cannot be read, or the activation is about to end.</exception>
    public ValueTask<ActiveSession> LoadedAsync() =>
        current is { IsFaulted: false } session ? ValueTask.FromResult(session) : new ValueTask<ActiveSession>(LoadAsync());

    public async ValueTask<SessionLedger> LedgerAsync() => (await LoadedAsync()).Ledger;

    public async Task<LedgerMessage?> ReceiveAsync(LedgerMessage message)
    {
        var session = await LoadedAsync();
        try
        {
            var heard = await session.ReceiveAsync(message);
            // Before those who wait in line ask anew.
            var isAnswered = !session.Ledger.AwaitsParent;
            waiters?.Queue.Serve(session);
            await heard.Durable;
            if (isAnswered)
                waiters?.ParentHasAnswered();
            waiters?.See(session);
            waiters?.HasHeard();
            return heard.Reply;
        }
        catch (Exception exception) when (IsOfTheLedger(exception))
        {
            throw Failed(session, exception);
        }
    }

    /// <summary>Whether a holder was told that there is no money now, and the parent is asked for it.</summary>
    public bool LacksMoneyFor(LedgerMessage? reply) =>
        reply is ParentWord { Refused: RefusalReason.InsufficientNow } && current is { Ledger.AwaitsParent: true };

    public bool IsParentsAnswerNear => current is { Ledger.IsParentsAnswerNear: true };

    /// <summary>Ends when another ledger has said something next: what is due by the clock may have changed, whoever asked it.</summary>
    public Task WhenNextHeard => Waiters.NextHeard;

    public async Task<HolderWord> WordForParentAsync(IReadOnlyList<Entry> entries)
    {
        var session = await LoadedAsync();
        var word = session.Ledger.WordForParent(entries, session.Now());
        await session.WhenDurableAsync();
        return word;
    }

    public async Task<LedgerMessage?> WordForHolderAsync(HolderRow row, bool wantsProof)
    {
        var session = await LoadedAsync();
        var word = session.Ledger.WordForHolder(row, session.Now(), wantsAnswer: true, wantsProof);
        await session.WhenDurableAsync();
        return word;
    }

    public async Task WhenParentAnsweredAsync(TimeSpan atMost)
    {
        if ((await LoadedAsync()).Ledger.AwaitsParent)
            await Waiters.WhenParentAnsweredAsync(atMost);
    }

    /// <summary>What a session that is to be opened asks its tenant; null where it has none, or is open.</summary>
    public async ValueTask<AdmissionRequest?> RequestForAsync(OpenCommand command, bool isByItself)
    {
        var session = await LoadedAsync();
        return session.Ledger.RequestFor(command, services.Options.Tenants.MustBeSet, session.Now(), isByItself, services.DefaultTenant);
    }

    public async Task EnsureCurrentAsync()
    {
        var session = await LoadedAsync();
        try
        {
            await session.ReadStoredHeadAsync();
        }
        catch (BudgetUnavailableException exception)
        {
            throw Failed(session, exception);
        }
    }

    public async Task<DateTimeOffset> ExpireDueAsync() => await ExpireDueAsync(await LoadedAsync());

    /// <summary>The session's money and state, when what is due has expired and all of it is durable.</summary>
    public async Task<Standing> StandingAsync()
    {
        var session = await LoadedAsync();
        await ExpireDueAsync(session);
        var standing = session.Ledger.Head.Standing;
        await session.WhenDurableAsync();
        return standing;
    }

    /// <summary>Whether the session has stopped, or stops within a while.</summary>
    public async Task<bool> WaitForStopAsync(TimeSpan atMost)
    {
        if (await IsAsync(SessionWaiters.IsStopped))
            return true;
        await Waiters.WhenStoppedAsync(atMost);
        return await IsAsync(SessionWaiters.IsStopped);
    }

    /// <summary>Whether calls under way are to be cut, or are to be within a while.</summary>
    public async Task<bool> WaitForCutAsync(TimeSpan atMost)
    {
        if (await IsAsync(SessionWaiters.IsCut))
            return true;
        await Waiters.WhenCutAsync(atMost);
        return await IsAsync(SessionWaiters.IsCut);
    }

    private async Task<bool> IsAsync(Func<SessionLedger, bool> state)
    {
        await StandingAsync();
        return state((await LoadedAsync()).Ledger);
    }

    public async Task WhenDurableAsync() => await (await LoadedAsync()).WhenDurableAsync();

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count) =>
        services.Store.ReadAsync(sessionId, fromSequence, count, CancellationToken.None);

    /// <summary>The activation ends: the session is counted no more, and the sweep finds it in time.</summary>
    public async Task EndAsync()
    {
        if (current is not { } session)
            return;
        session.CountNoMore();
        if (session.IsFaulted)
            return;
        try
        {
            await session.HandToTheSweepAsync();
        }
        catch (BudgetUnavailableException)
        {
            // Then it is found later, by its due time or a call.
        }
    }

    private async Task<DateTimeOffset> ExpireDueAsync(ActiveSession session)
    {
        var now = await session.ExpireDueAsync();
        waiters?.Queue.Serve(session);
        waiters?.See(session);
        return now;
    }

    // The activation itself stays, for one that ends has to wait for all calls that it has begun, and some of those may be waiting for it.
    private void DropFaulted(ActiveSession session)
    {
        if (!session.IsFaulted || !ReferenceEquals(session, current))
            return;
        // Perhaps another activation serves it already; two would go on and fence each other.
        if (session.EndsActivation)
        {
            session.FailAwaited();
            end.Begin();
            return;
        }

        session.CountNoMore();
        session.FailAwaited();
        current = null;
    }

    private async Task<ActiveSession> LoadAsync()
    {
        if (current is { IsFaulted: true } faulted)
            DropFaulted(faulted);
        if (current is not null)
            throw new BudgetUnavailableException();
        var mine = loading ??= ReadAsync();
        try
        {
            current = await mine;
            wasLoaded = true;
            return current;
        }
        finally
        {
            if (ReferenceEquals(loading, mine))
                loading = null;
        }
    }

    private async Task<ActiveSession> ReadAsync()
    {
        if (!isTenants)
            SessionIds.Validate(sessionId);
        try
        {
            var loaded = await new SessionLoader(services.Store, services.OptionsPool).LoadAsync(
                sessionId,
                services.Options.RecentKeys,
                CancellationToken.None
            );
            var session = new ActiveSession(loaded, services);
            session.Count();
            return session;
        }
        catch (LedgerLawViolationException violation)
        {
            throw Broken(violation);
        }
    }

    /// <summary>Whether an exception says how it stands with a ledger, so that its second half has to hear of it.</summary>
    public static bool IsOfTheLedger(Exception exception) => exception is BudgetUnavailableException or LedgerLawViolationException;

    // What was decided cannot be trusted any more.
    private Exception Failed(ActiveSession session, Exception exception)
    {
        if (exception is LedgerLawViolationException violation)
        {
            end.Begin();
            return Broken(violation);
        }

        DropFaulted(session);
        return exception;
    }

    // The ledger's own exception does not travel to other processes.
    private static AgentBudgetException Broken(LedgerLawViolationException violation) => new(violation.Message);
}
