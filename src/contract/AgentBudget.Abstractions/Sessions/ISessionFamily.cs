using Orleans.Metadata;

namespace AgentBudget;

/// <summary>
/// What parent and child sessions say to each other about carved money. Debit before credit, seal before return. Not for users.
/// </summary>
[Alias("agentbudget.session-family"), DefaultGrainType("agentbudget.session")]
public interface ISessionFamily : IGrainWithStringKey
{
    /// <summary>Parent to child: open with the money that I set aside.</summary>
    [Alias("open-carved"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> OpenCarvedAsync(OpenCommand command);

    /// <summary>Child to parent: set more money aside for me.</summary>
    [Alias("carve-more"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> CarveMoreAsync(CarveCommand command);

    /// <summary>Child to parent: what did you set aside for me after the n-th time? In order.</summary>
    [Alias("carves-after"), ResponseTimeout(Timeouts.Write)]
    Task<Entry[]> CarvesAfterAsync(long carveId, int number);

    /// <summary>Parent to child: authorise nothing more; or, when you are open and may go on, say so.</summary>
    [Alias("seal"), ResponseTimeout(Timeouts.Family)]
    Task<SealAnswer> SealAsync(SealCommand command);

    /// <summary>Parent to child: hold, or let go.</summary>
    [Alias("hold"), ResponseTimeout(Timeouts.Family)]
    Task HoldAsync(string parentId, bool isPaused);

    /// <summary>Child to parent: I am sealed; this is what I spent.</summary>
    [Alias("return"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> ReturnAsync(ReturnCarveCommand command);
}

/// <summary>What the silo itself asks of a session. Not for users.</summary>
[Alias("agentbudget.session-upkeep"), DefaultGrainType("agentbudget.session")]
public interface ISessionUpkeep : IGrainWithStringKey
{
    /// <summary>Expires what is due, goes on with what is unfinished between parent and children, purges what is past its
    /// retention.</summary>
    [Alias("tend"), ResponseTimeout(Timeouts.Family)]
    Task TendAsync();
}

/// <summary>The one grain, key 0, that wakes sessions whose time has come.</summary>
[Alias("agentbudget.expiry-sweep"), DefaultGrainType("agentbudget.expiry-sweep")]
public interface IExpirySweep : IGrainWithIntegerKey
{
    /// <summary>Sweeps once and says how many sessions were woken.</summary>
    [Alias("sweep"), ResponseTimeout("00:01:00")]
    Task<int> SweepAsync();
}
