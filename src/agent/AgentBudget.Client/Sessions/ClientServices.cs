using AgentBudget.Client.Calls;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>What all sessions of one client share.</summary>
internal sealed record ClientServices(
    IGrainFactory Grains,
    AgentBudgetClientOptions Options,
    TimeProvider Time,
    ILogger Logger,
    ClientPrices Prices,
    LedgerCalls Calls
)
{
    /// <summary>One page of the sessions that there are.</summary>
    /// <exception cref="ArgumentException">The query is out of its range; nothing was asked.</exception>
    public Task<SessionsPage> SessionsAsync(SessionsQuery query, CancellationToken cancellationToken)
    {
        query.Validate();
        return Calls.SendAsync(() => Directory.ListAsync(query), cancellationToken);
    }

    /// <summary>One session as it is stored; null for none.</summary>
    /// <exception cref="ArgumentException">The id is none; nothing was asked.</exception>
    public Task<SessionSummary?> FindSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        SessionIds.Validate(sessionId);
        return Calls.SendAsync(() => Directory.FindAsync(sessionId), cancellationToken);
    }

    private ISessionDirectory Directory => Grains.GetGrain<ISessionDirectory>(0);
}
