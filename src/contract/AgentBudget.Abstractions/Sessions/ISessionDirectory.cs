using Orleans.Metadata;

namespace AgentBudget;

/// <summary>
/// The sessions that there are, in memory or not: <c>grainFactory.GetGrain&lt;ISessionDirectory&gt;(0)</c>. Answers with what is durable.
/// Asking for a session that there is not makes none.
/// </summary>
[Alias("agentbudget.session-directory"), GrainInterfaceType("agentbudget.session-directory")]
[DefaultGrainType("agentbudget.session-directory")]
public interface ISessionDirectory : IGrainWithIntegerKey
{
    /// <summary>One page of them, in the order of their ids.</summary>
    [Alias("list"), ResponseTimeout(Timeouts.Read)]
    Task<SessionsPage> ListAsync(SessionsQuery query);

    /// <summary>One of them; null when no session of this id was opened, or it was purged.</summary>
    [Alias("find"), ResponseTimeout(Timeouts.Read)]
    Task<SessionSummary?> FindAsync(string sessionId);
}
