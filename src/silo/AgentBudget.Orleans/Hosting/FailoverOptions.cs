namespace AgentBudget;

/// <summary>
/// How soon the silos of a cluster take one of them for dead. Soon means short stalls after a crash, and that a silo which is only slow
/// is taken for dead more easily: it then ends, its sessions move, and nothing is lost, for the store fences what it still tries to
/// write. Bound to the configuration section <c>AgentBudget:Failover</c> and checked at start.
/// </summary>
public sealed class FailoverOptions
{
    /// <summary>
    /// How long the answer to a probe is waited for at first, and how often each silo probes others. Orleans adapts both to what it
    /// measures, from half of this to four times of it. Default 1 second; 250 milliseconds to 30 seconds.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes missed in a row before a silo is suspected. Default 3; 2 to 10.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>
    /// Silos that must suspect one before it is dead; fewer where fewer are left. Default 2; 1 to 5. With 1, a silo that has lost its own
    /// network takes all others for dead.
    /// </summary>
    public int Votes { get; set; } = 2;

    /// <summary>
    /// How often a silo writes to the membership table that it lives. After three of them without a word a new silo does not wait for it,
    /// which matters when all silos died at once. Default 5 seconds; 1 second to 1 minute.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo reads the membership table, beside what others tell it. Default 10 seconds; 1 second to 5
    /// minutes.</summary>
    public TimeSpan TableRefreshInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        const string section = "AgentBudget:Failover:";
        if (ProbeTimeout < TimeSpan.FromMilliseconds(250) || ProbeTimeout > TimeSpan.FromSeconds(30))
            throw new ArgumentException($"{section}ProbeTimeout must be from 250 milliseconds to 30 seconds.");
        if (MissedProbes is < 2 or > 10)
            throw new ArgumentException($"{section}MissedProbes must be from 2 to 10.");
        if (Votes is < 1 or > 5)
            throw new ArgumentException($"{section}Votes must be from 1 to 5.");
        if (HeartbeatInterval < TimeSpan.FromSeconds(1) || HeartbeatInterval > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{section}HeartbeatInterval must be from 1 second to 1 minute.");
        if (TableRefreshInterval < TimeSpan.FromSeconds(1) || TableRefreshInterval > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"{section}TableRefreshInterval must be from 1 second to 5 minutes.");
    }
}
