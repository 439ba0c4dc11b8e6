namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// Where an activation has its session: loaded when it is first asked for, and loaded anew after an append that failed. The activation
/// itself stays, for one that ends has to wait for all calls that it has begun, and some of those may be waiting for it.
/// </summary>
/// <param name="grain">The activation.</param>
/// <param name="services">What a session stands on.</param>
internal sealed class SessionSlot(BudgetSessionGrain grain, SessionServices services)
{
    private Task<ActiveSession>? loading;

    /// <summary>The session in memory; null before the first load and after a fault.</summary>
    public ActiveSession? Current { get; private set; }

    /// <summary>The session; calls that come together share one load.</summary>
    /// <exception cref="BudgetUnavailableException">The store cannot be read, or the activation is about to end.</exception>
    public ValueTask<ActiveSession> LoadedAsync() => Current is { IsFaulted: false } session ? ValueTask.FromResult(session) : new ValueTask<ActiveSession>(LoadAsync());

    /// <summary>Lets go of a session whose append failed, so that the next call loads what is durable.</summary>
    public void DropFaulted(ActiveSession session)
    {
        if (!session.IsFaulted || !ReferenceEquals(session, Current)) return;
        // Perhaps another activation serves it already; two would go on and fence each other.
        if (session.EndsActivation)
        {
            grain.Leave();
            return;
        }

        session.Leave();
        Current = null;
    }

    // The ledger's own exception does not travel to other processes.
    public static AgentBudgetException Broken(LedgerLawViolationException violation) => new(violation.Message);

    private async Task<ActiveSession> LoadAsync()
    {
        if (Current is { IsFaulted: true } faulted) DropFaulted(faulted);
        if (Current is not null) throw new BudgetUnavailableException();
        var mine = loading ??= ReadAsync();
        try
        {
            return Current = await mine;
        }
        finally
        {
            if (ReferenceEquals(loading, mine)) loading = null;
        }
    }

    private async Task<ActiveSession> ReadAsync()
    {
        try
        {
            var loaded = await new SessionLoader(services.Store, services.OptionsPool).LoadAsync(grain.SessionId, services.Options.RecentKeys, CancellationToken.None);
            var session = new ActiveSession(loaded, services);
            session.Count();
            return session;
        }
        catch (LedgerLawViolationException violation)
        {
            throw Broken(violation);
        }
    }
}
