using AgentBudget.Client.Listing;

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
}
