using AgentBudget.Client.Sessions;

namespace AgentBudget.Client.Listing;

/// <summary>Looks sessions up, whoever asks for it.</summary>
internal static class SessionLists
{
    /// <summary>One page of the sessions that there are.</summary>
    /// <exception cref="ArgumentException">The query is out of its range; nothing was asked.</exception>
    public static Task<SessionsPage> SessionsAsync(this ClientServices services, SessionsQuery query, CancellationToken cancellationToken)
    {
        query.Validate();
        return services.Calls.SendAsync(() => DirectoryOf(services).ListAsync(query), cancellationToken);
    }

    /// <summary>One session as it is stored; null for none.</summary>
    /// <exception cref="ArgumentException">The id is none; nothing was asked.</exception>
    public static Task<SessionSummary?> FindSessionAsync(
        this ClientServices services,
        string sessionId,
        CancellationToken cancellationToken
    )
    {
        SessionIds.Validate(sessionId);
        return services.Calls.SendAsync(() => DirectoryOf(services).FindAsync(sessionId), cancellationToken);
    }

    private static ISessionDirectory DirectoryOf(ClientServices services) => services.Grains.GetGrain<ISessionDirectory>(0);
}
