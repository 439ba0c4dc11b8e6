namespace AgentBudget.Server.Settings;

/// <summary>
/// All that a server can be told, in the configuration section <c>AgentBudget</c>: a file <c>appsettings.json</c> in the working
/// directory, environment variables <c>AgentBudget__…</c>, or the command line <c>--AgentBudget:…=</c>; later
/// ones win. The ledger's own
/// settings, <see cref="AgentBudgetOptions"/>, stand in the same section.
/// </summary>
public sealed class ServerSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AgentBudget";

    /// <summary>Where the ledger lives. Default <see cref="ServerMode.Embedded"/>.</summary>
    public ServerMode Mode { get; set; }

    /// <summary>How long a server that was told to stop may take for what it has begun. Default 30 seconds; 5 seconds to 10
    /// minutes.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Addresses and ports of the silo.</summary>
    public SiloSettings Silo { get; set; } = new();

    /// <summary>Which cluster the server belongs to.</summary>
    public ClusterSettings Cluster { get; set; } = new();

    /// <summary>Where health is answered.</summary>
    public HealthSettings Health { get; set; } = new();

    /// <summary>The ledger of an embedded server.</summary>
    public SqliteSettings Sqlite { get; set; } = new();

    /// <summary>The ledger of a cluster.</summary>
    public PostgreSqlLedgerOptions PostgreSql { get; set; } = new();

    /// <summary>How webhooks are delivered. The keys of an embedded server are beside its ledger, unless it is told otherwise.</summary>
    public WebhooksOptions Webhooks { get; set; } = new();

    /// <summary>Which costs go to which billing systems.</summary>
    public BillingOptions Billing { get; set; } = new();

    /// <summary>Where an embedded server keeps the keys of webhooks' secrets; null for a cluster, whose servers have to share
    /// them.</summary>
    internal string? OwnKeysFolder =>
        Mode == ServerMode.Embedded ? new SqliteLedgerOptions { Path = Sqlite.Path }.FilePath + ".keys" : null;

    /// <summary>How soon a cluster takes a server for dead.</summary>
    public FailoverOptions Failover { get; set; } = new();

    /// <summary>Checks every value that the mode uses.</summary>
    /// <returns>What is wrong, each with the setting's name and the mend.</returns>
    public IEnumerable<string> FindProblems()
    {
        if (!Enum.IsDefined(Mode))
            yield return $"{Section}:Mode must be {nameof(ServerMode.Embedded)} or {nameof(ServerMode.Cluster)}.";
        if (DrainTimeout < TimeSpan.FromSeconds(5) || DrainTimeout > TimeSpan.FromMinutes(10))
            yield return $"{Section}:DrainTimeout must be from 5 seconds to 10 minutes.";
        var isCluster = Mode == ServerMode.Cluster;
        Action[] checks = isCluster
            ?
            [
                Silo.Validate,
                Cluster.Validate,
                Health.Validate,
                PostgreSql.Validate,
                Failover.Validate,
                Webhooks.Validate,
                Billing.Validate,
            ]
            : [Silo.Validate, Cluster.Validate, Health.Validate, Sqlite.Validate, Webhooks.Validate, Billing.Validate];
        foreach (var problem in checks.Select(ProblemOf).OfType<string>())
            yield return problem;
    }

    /// <summary>What a check finds, so that several can be told at once; null when it finds nothing.</summary>
    internal static string? ProblemOf(Action validate)
    {
        try
        {
            validate();
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}

/// <summary>The ledger of an embedded server.</summary>
public sealed class SqliteSettings
{
    /// <summary>A folder, made when it is missing, or a file ending in <c>.db</c>. Default: <c>.agentbudget</c> in the working
    /// directory.</summary>
    public string Path { get; set; } = new SqliteLedgerOptions().Path;

    internal void Validate()
    {
        try
        {
            new SqliteLedgerOptions { Path = Path }.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{ServerSettings.Section}:Sqlite:{exception.Message}", exception);
        }
    }
}
