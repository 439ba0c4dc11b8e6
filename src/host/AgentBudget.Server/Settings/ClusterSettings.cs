namespace AgentBudget.Server.Settings;

/// <summary>Which cluster the server belongs to. Clients name the same ids.</summary>
public sealed class ClusterSettings
{
    private const string Section = $"{ServerSettings.Section}:Cluster:";

    /// <summary>
    /// Servers with the same id are one cluster. Default <c>agentbudget</c>; 1 to 128 characters. Two clusters on one database do not lose
    /// or double money, but fence each other's sessions.
    /// </summary>
    public string ClusterId { get; set; } = "agentbudget";

    /// <summary>The service's id; the same for as long as the ledger lives. Default <c>agentbudget</c>; 1 to 128 characters.</summary>
    public string ServiceId { get; set; } = "agentbudget";

    /// <summary>
    /// The PostgreSQL database in which the servers find each other. Default: the first partition of the ledger. For a cluster only.
    /// </summary>
    public string? ConnectionString { get; set; }

    internal void Validate()
    {
        if (!IsId(ClusterId))
            throw new ArgumentException($"{Section}ClusterId must be 1 to {Bounds.IdLength} characters and not blank.");
        if (!IsId(ServiceId))
            throw new ArgumentException($"{Section}ServiceId must be 1 to {Bounds.IdLength} characters and not blank.");
        if (ConnectionString is not null && string.IsNullOrWhiteSpace(ConnectionString))
            throw new ArgumentException(
                $"{Section}ConnectionString is blank; name a database, or leave it out for the ledger's first one."
            );
    }

    private static bool IsId(string? id) => !string.IsNullOrWhiteSpace(id) && id.Length <= Bounds.IdLength;
}
