using AgentBudget.Orleans.Storage;
using Orleans.Concurrency;

namespace AgentBudget.Orleans.Sessions;

/// <summary>Looks sessions up in the store, which loads none of them.</summary>
[StatelessWorker, Reentrant, GrainType("agentbudget.session-directory")]
internal sealed class SessionDirectoryGrain(SessionServices services) : Grain, ISessionDirectory
{
    public Task<SessionsPage> ListAsync(SessionsQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return services.Store.ReadPageAsync(query, CancellationToken.None);
    }

    public Task<SessionSummary?> FindAsync(string sessionId) => services.Store.FindSessionAsync(sessionId, CancellationToken.None);
}
