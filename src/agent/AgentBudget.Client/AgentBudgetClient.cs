using AgentBudget.Client.Calls;
using AgentBudget.Client.Events;
using AgentBudget.Client.Listing;
using AgentBudget.Client.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentBudget;

/// <summary>
/// Opens budgeted sessions. Fails closed: when the ledger cannot be reached, calls are not made and
/// <see cref="BudgetUnavailableException"/> is thrown.
/// </summary>
public sealed class AgentBudgetClient : IDisposable
{
    private readonly ClientServices services;

    /// <summary>Makes a client.</summary>
    /// <param name="grains">A silo's or cluster client's grain factory.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="logger">Told of failures of the program's own callbacks, and of price files taken up or refused; null for
    /// nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="PriceTableException">The user's price files are not valid.</exception>
    /// <exception cref="IOException">The user's price files cannot be read.</exception>
    public AgentBudgetClient(
        IGrainFactory grains,
        IOptions<AgentBudgetClientOptions>? options = null,
        TimeProvider? time = null,
        ILogger<AgentBudgetClient>? logger = null
    )
    {
        var given = options?.Value ?? new AgentBudgetClientOptions();
        given.Validate();
        time ??= TimeProvider.System;
        var log = new QuietLogger(logger ?? NullLogger<AgentBudgetClient>.Instance);
        var keeper = new CallKeeper(time, given.ExtendFor, log);
        var calls = new LedgerCalls(time, given.RetryFor);
        var prices = new ClientPrices(given, log);
        services = new ClientServices(grains, given, time, log, prices, calls, keeper, new LateEnds(time, log), new UserCode(time));
    }

    /// <summary>Opens a session with a budget in dollars, such as <c>"$5.00"</c>, and the default options.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="sessionId">The session's id; null makes one.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened all the same.</param>
    /// <exception cref="FormatException">The budget is not an amount.</exception>
    /// <exception cref="ArgumentException">The session's id is none.</exception>
    public Task<BudgetSession> OpenAsync(
        string budget,
        string? sessionId = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => OpenAsync(Money.Parse(budget), sessionId, callbacks, cancellationToken);

    /// <summary>Opens a session with a budget, such as <c>5.00m</c> dollars, and the default options.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="sessionId">The session's id; null makes one.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened all the same.</param>
    /// <exception cref="ArgumentException">The budget is not above zero, or the session's id is none.</exception>
    public Task<BudgetSession> OpenAsync(
        Money budget,
        string? sessionId = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => OpenAsync(new BudgetSessionOptions { Budget = budget }, sessionId, callbacks, cancellationToken);

    /// <summary>Opens a session. Opening one that exists with the same options gives that session again.</summary>
    /// <param name="options">Budget, limits, loop policy and the rest.</param>
    /// <param name="sessionId">The session's id: 1 to 128 ASCII letters, digits and <c>. _ : / @ -</c>; null makes one. Where the options
    /// name a tenant, its path and an <c>@</c> are put before it, unless they stand there.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened all the same.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the session's id is none.</exception>
    /// <exception cref="RefusedException">The id is taken by a session with other options.</exception>
    /// <exception cref="SessionStoppedException">A session of this id has ended; take another id.</exception>
    public Task<BudgetSession> OpenAsync(
        BudgetSessionOptions options,
        string? sessionId = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => SessionOpening.OpenAsync(services, options, sessionId, callbacks, cancellationToken);

    /// <summary>A session that was opened elsewhere. Nothing is asked of the ledger yet, and disposing it does not close it.</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="unknownModels">What to do with unknown models. Default: what the session was opened with, which the ledger is asked for
    /// when the first model is met that the price book does not know.</param>
    /// <exception cref="ArgumentException">The session's id is none.</exception>
    public BudgetSession Get(string sessionId, SessionCallbacks? callbacks = null, UnknownModelPolicy? unknownModels = null) =>
        Take(sessionId, child: null, callbacks, unknownModels);

    /// <summary>A session, or a shared child of one, that was opened elsewhere.</summary>
    internal BudgetSession Take(string sessionId, string? child, SessionCallbacks? callbacks, UnknownModelPolicy? unknownModels)
    {
        var link = SessionLink.To(services, sessionId, child, callbacks ?? new SessionCallbacks());
        return new(services, link, closesOnDispose: false, new KnownPolicy(link, unknownModels));
    }

    /// <summary>A tenant, such as <c>acme/research</c>: its limits, its sessions and its report. Nothing is asked of the ledger
    /// yet.</summary>
    /// <param name="path">The tenant's path.</param>
    /// <exception cref="FormatException">It is no path of a tenant; the message says why.</exception>
    public TenantBudget Tenant(string path) => new(services, TenantPath.Parse(path));

    /// <summary>One page of the sessions that there are, in the order of their ids: what is durable of them.</summary>
    /// <param name="query">Which; null for the first 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The query is out of its range.</exception>
    public Task<SessionsPage> SessionsAsync(SessionsQuery? query = null, CancellationToken cancellationToken = default) =>
        services.SessionsAsync(query ?? new SessionsQuery(), cancellationToken);

    /// <summary>One session as it is stored; null when none of this id was opened, or it was purged. It is neither loaded nor
    /// made.</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The session's id is none.</exception>
    public Task<SessionSummary?> FindSessionAsync(string sessionId, CancellationToken cancellationToken = default) =>
        services.FindSessionAsync(sessionId, cancellationToken);

    /// <summary>All events of the ledger: read them from cursors on, or follow them. See docs/events.md.</summary>
    public EventFeed Events => new(new LedgerEvents(services), services.Time);

    /// <summary>The webhook endpoints of the ledger, for operators. See docs/events.md.</summary>
    public WebhookDirectory Webhooks => new(services);

    /// <summary>Stops following price files. Sessions stay usable, at the last prices.</summary>
    public void Dispose() => services.Prices.Dispose();
}
