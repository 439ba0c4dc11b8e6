using Orleans.Metadata;

namespace AgentBudget;

/// <summary>What the silo itself asks of a session. Not for users.</summary>
[Alias("agentbudget.session-upkeep"), GrainInterfaceType("agentbudget.session-upkeep"), DefaultGrainType("agentbudget.session")]
public interface ISessionUpkeep : IGrainWithStringKey
{
    /// <summary>Expires what is due, goes on with what is unfinished between parent and children, purges what is past its
    /// retention.</summary>
    [Alias("tend"), ResponseTimeout(Timeouts.Family)]
    Task TendAsync();
}

/// <summary>The one grain, key 0, that wakes sessions whose time has come.</summary>
[Alias("agentbudget.expiry-sweep"), GrainInterfaceType("agentbudget.expiry-sweep"), DefaultGrainType("agentbudget.expiry-sweep")]
public interface IExpirySweep : IGrainWithIntegerKey
{
    /// <summary>Sweeps once and says how many sessions were woken.</summary>
    [Alias("sweep"), ResponseTimeout("00:01:00")]
    Task<int> SweepAsync();
}
