namespace AgentBudget.Server.Settings;

/// <summary>Where the ledger lives, and how many servers share it.</summary>
public enum ServerMode
{
    /// <summary>One server, with its ledger in a SQLite file of its own.</summary>
    Embedded = 0,

    /// <summary>Several servers, with one ledger on PostgreSQL.</summary>
    Cluster = 1,
}
