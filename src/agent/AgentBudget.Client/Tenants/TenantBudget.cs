using AgentBudget.Client.Sessions;

namespace AgentBudget;

/// <summary>One tenant: sets its limits, opens its sessions, reads its report. Nothing is asked of the ledger before the first
/// call.</summary>
public sealed partial class TenantBudget
{
    private readonly ClientServices services;
    private readonly ITenantBudget grain;

    internal TenantBudget(ClientServices services, TenantPath path)
    {
        (this.services, Path) = (services, path);
        grain = services.Grains.GetGrain<ITenantBudget>(path.ToString());
    }

    /// <summary>The tenant.</summary>
    public TenantPath Path { get; }

    /// <summary>Opens one of its sessions with a budget in dollars, such as <c>"$5.00"</c>.</summary>
    /// <param name="budget">The budget; null for the tenant's default.</param>
    /// <param name="name">The session's own name, which stands behind the tenant's path and an <c>@</c>; null makes one.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened all the same.</param>
    /// <exception cref="FormatException">The budget is not an amount.</exception>
    /// <exception cref="ArgumentException">The name is none.</exception>
    /// <exception cref="TenantExhaustedException">The tenant, or one above it, is exhausted; nothing was opened.</exception>
    /// <exception cref="RefusedException">The tenant does not admit it: the reason says why.</exception>
    public Task<BudgetSession> OpenAsync(
        string? budget = null,
        string? name = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => OpenAsync(budget is null ? Money.Zero : Money.Parse(budget), name, callbacks, cancellationToken);

    /// <summary>Opens one of its sessions with a budget, such as <c>5.00m</c> dollars.</summary>
    /// <param name="budget">The budget; zero for the tenant's default.</param>
    /// <param name="name">The session's own name; null makes one.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened all the same.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    /// <exception cref="TenantExhaustedException">The tenant, or one above it, is exhausted; nothing was opened.</exception>
    /// <exception cref="RefusedException">The tenant does not admit it: the reason says why.</exception>
    public Task<BudgetSession> OpenAsync(
        Money budget,
        string? name = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => OpenAsync(new BudgetSessionOptions { Budget = budget, Tenant = Path }, name, callbacks, cancellationToken);

    /// <summary>Opens one of its sessions. What is left at its default, the tenant's own defaults fill in.</summary>
    /// <param name="options">The options; a budget of zero is the tenant's default.</param>
    /// <param name="name">The session's own name; null makes one.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened all the same.</param>
    /// <exception cref="ArgumentException">An option is out of its range, names another tenant, or the name is none.</exception>
    /// <exception cref="TenantExhaustedException">The tenant, or one above it, is exhausted; nothing was opened.</exception>
    /// <exception cref="RefusedException">The tenant does not admit it: the reason says why.</exception>
    public Task<BudgetSession> OpenAsync(
        BudgetSessionOptions options,
        string? name = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var id = SessionIds.OfTenant(Path, name ?? services.Calls.NewKey());
        return SessionOpening.OpenAsync(services, options with { Tenant = options.Tenant ?? Path }, id, callbacks, cancellationToken);
    }

    /// <summary>Sets limits and settings, whole.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="by">Who sets them, for the audit: up to 128 characters.</param>
    /// <param name="reason">Why: up to 256 characters.</param>
    /// <param name="ifVersion">The <see cref="TenantReport.Version"/> that they were made of, 0 for a tenant that was never set; null:
    /// whatever it was set to.</param>
    /// <param name="cancellationToken">Gives up waiting; they may have been set all the same.</param>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    /// <exception cref="RefusedException">They have been changed since: <see cref="RefusalReason.SettingsChanged"/>.</exception>
    public Task<SessionAnswer> SetAsync(
        TenantSettings settings,
        string? by = null,
        string? reason = null,
        long? ifVersion = null,
        CancellationToken cancellationToken = default
    ) =>
        SendAsync(
            new SetTenantCommand
            {
                Settings = settings,
                By = by,
                Reason = reason,
                IfVersion = ifVersion,
            },
            grain.SetAsync,
            cancellationToken
        );

    /// <summary>Raises a limit: the total for good, that of a day, week or month for the one that runs.</summary>
    /// <param name="amount">What to add, such as <c>"$50.00"</c>.</param>
    /// <param name="window">Which limit. Default: the total.</param>
    /// <param name="by">Who tops up, for the audit.</param>
    /// <param name="reason">Why.</param>
    /// <param name="key">Names this one top-up, so that another program can send it again without raising twice; null makes one.</param>
    /// <param name="cancellationToken">Gives up waiting; the limit may have been raised all the same.</param>
    /// <exception cref="FormatException">The amount is none.</exception>
    /// <exception cref="RefusedException">There is no such limit to raise, or no such tenant.</exception>
    public Task<SessionAnswer> TopUpAsync(
        string amount,
        WindowKind window = WindowKind.Total,
        string? by = null,
        string? reason = null,
        string? key = null,
        CancellationToken cancellationToken = default
    ) => TopUpAsync(Money.Parse(amount), window, by, reason, key, cancellationToken);

    /// <summary>The same with an amount such as <c>20.00m</c> dollars.</summary>
    public Task<SessionAnswer> TopUpAsync(
        Money amount,
        WindowKind window = WindowKind.Total,
        string? by = null,
        string? reason = null,
        string? key = null,
        CancellationToken cancellationToken = default
    ) =>
        SendAsync(
            new TopUpTenantCommand
            {
                Amount = amount,
                Window = window,
                By = by,
                Reason = reason,
                Key = key,
            },
            grain.TopUpAsync,
            cancellationToken
        );

    /// <summary>Where it stands; null for a tenant that was never set and has had no session.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<TenantReport?> ReportAsync(CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(grain.ReportAsync, cancellationToken);

    /// <summary>What was spent in a day by model, tool, agent and listed tags, what sessions cost that ended in it, and how fast money
    /// goes; null as for the report.</summary>
    /// <param name="dayBefore">Whether of the day before the one that runs.</param>
    /// <param name="names">How many names of each kind; the rest as one. 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The number of names is out of its range.</exception>
    public Task<TenantSpend?> SpendAsync(bool dayBefore = false, int names = 100, CancellationToken cancellationToken = default)
    {
        var query = new TenantSpendQuery { DayBefore = dayBefore, Names = names };
        query.Validate();
        return services.Calls.SendAsync(() => grain.SpendAsync(query), cancellationToken);
    }

    /// <summary>The sessions of the tenant and of those below it that have spent most, the dearest first.</summary>
    /// <param name="count">How many: 1 to 1,000.</param>
    /// <param name="status">Only those of a status; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The count is out of its range.</exception>
    public async Task<IReadOnlyList<SessionSummary>> TopSpendersAsync(
        int count = 10,
        SessionStatus? status = null,
        CancellationToken cancellationToken = default
    )
    {
        var query = new SessionsQuery
        {
            Status = status,
            Count = count,
            DearestFirst = true,
        };
        return (await SessionsAsync(query, cancellationToken)).Sessions;
    }

    private async Task<SessionAnswer> SendAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken
    )
        where TCommand : SessionCommand
    {
        var answer = await services.Calls.SendAsync(command, send, cancellationToken);
        return answer.Refusal is { } refusal ? throw RefusedException.For(Path.ToString(), refusal, report: null) : answer;
    }
}
