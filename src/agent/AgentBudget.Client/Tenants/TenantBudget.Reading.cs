using AgentBudget.Client.Events;
using AgentBudget.Client.Listing;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

// What there is below it, and what was done to it.
public sealed partial class TenantBudget
{
    /// <summary>The most changes that <see cref="HistoryAsync"/> gives.</summary>
    public const int MaxHistory = 100;

    /// <summary>One page of its sessions and of those of tenants below it, in the order of their ids: what is durable of them.</summary>
    /// <param name="query">Which; null for the first 100. A tenant that it names has to be this one or one below.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The query is out of its range, or names another tenant.</exception>
    public Task<SessionsPage> SessionsAsync(SessionsQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new SessionsQuery();
        if (query.Tenant is { } tenant && !tenant.IsWithin(Path))
            throw new ArgumentException($"The query names {tenant}, which is not below {Path}; leave the tenant out.", nameof(query));
        return services.SessionsAsync(query with { Tenant = query.Tenant ?? Path }, cancellationToken);
    }

    /// <summary>
    /// One of its sessions that was opened elsewhere, or one of a tenant below it. Nothing is asked of the ledger yet, and disposing it
    /// does not close it. To whoever asks through a tenant, an id of another is that of a session that was never opened.
    /// </summary>
    /// <param name="session">The session's own name, or its whole id.</param>
    /// <param name="callbacks">What to call at limits.</param>
    /// <param name="unknownModels">What to do with unknown models. Default: what the session was opened with.</param>
    /// <exception cref="ArgumentException">It is neither a name nor an id.</exception>
    /// <exception cref="RefusedException">The id is not of this tenant, nor of one below it:
    /// <see cref="RefusalReason.SessionUnknown"/>.</exception>
    public BudgetSession Session(string session, SessionCallbacks? callbacks = null, UnknownModelPolicy? unknownModels = null)
    {
        var id = IdOf(session);
        if (!IsOwn(id))
            throw RefusedException.For(id, new Refusal(RefusalReason.SessionUnknown, Money.Zero), report: null);
        var link = SessionLink.To(services, id, child: null, callbacks ?? new SessionCallbacks());
        return new BudgetSession(services, link, closesOnDispose: false, new KnownPolicy(link, unknownModels));
    }

    /// <summary>One of its sessions, or of a tenant below it, as it is stored; null when there is none, or it is another
    /// tenant's.</summary>
    /// <param name="session">The session's own name, or its whole id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">It is neither a name nor an id.</exception>
    public async Task<SessionSummary?> FindSessionAsync(string session, CancellationToken cancellationToken = default)
    {
        var id = IdOf(session);
        return IsOwn(id) ? await services.FindSessionAsync(id, cancellationToken) : null;
    }

    /// <summary>The last changes of its settings, and the last pauses and resumes, newest first: when, by whom and why. One that was paused
    /// with the tenant above says no name.</summary>
    /// <param name="count">How many at most: 1 to <see cref="MaxHistory"/>. Default 10.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Entry>> HistoryAsync(int count = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxHistory);
        var changes = new List<Entry>();
        var next = (await ReportAsync(cancellationToken))?.LastChange ?? 0;
        while (next > 0 && changes.Count < count)
        {
            var sequence = next;
            var page = await services.Calls.SendAsync(() => grain.TimelineAsync(sequence, 1), cancellationToken);
            // Entries behind what reports need may be trimmed one day.
            if (page is not { Entries: [var entry] })
                break;
            changes.Add(entry);
            next = entry.Related;
        }

        return changes;
    }

    /// <summary>Calls back for what happens to the tenant and to those below it, from now on until the watch is disposed.</summary>
    /// <param name="callbacks">What to call; at least one.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    /// <exception cref="ArgumentException">There is nothing to call.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger does not answer.</exception>
    public async Task<TenantWatch> WatchAsync(TenantCallbacks callbacks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callbacks);
        var filter = TenantWatch.FilterOf(Path, callbacks);
        var events = new EventFeed(new LedgerEvents(services), services.Time);
        return new TenantWatch(services, callbacks, events.From(await events.EndAsync(cancellationToken), filter));
    }

    private string IdOf(string session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!session.Contains(SessionIds.TenantMark, StringComparison.Ordinal))
            return SessionIds.OfTenant(Path, session);
        SessionIds.Validate(session);
        return session;
    }

    private bool IsOwn(string sessionId) => SessionIds.TenantOf(sessionId) is { } tenant && tenant.IsWithin(Path);
}
