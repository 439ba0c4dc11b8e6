using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Roles;

/// <summary>What the coordinator tells the other roles, in a file of the run's folder.</summary>
internal sealed record RoleFile
{
    private const string Name = "roles.json";

    /// <summary>The id of the cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The databases: the ledger's partitions; the first holds the membership as well.</summary>
    public required string[] ConnectionStrings { get; init; }

    /// <summary>Port and gateway port of each silo; a silo keeps them when it starts again.</summary>
    public required SiloPorts[] Silos { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Sessions over all clients.</summary>
    public required int Sessions { get; init; }

    /// <summary>Carved children that one parent has open at once.</summary>
    public int Children { get; init; }

    /// <summary>Sessions of each tenant.</summary>
    public int TenantSessions { get; init; }

    /// <summary>Charges that all clients make besides.</summary>
    public int Charges { get; init; }

    /// <summary>Over how many seconds they are spread.</summary>
    public int ChargesWithinSeconds { get; init; }

    /// <summary>Clients.</summary>
    public required int Clients { get; init; }

    /// <summary>Operations a second over all clients.</summary>
    public required int OperationsPerSecond { get; init; }

    /// <summary>The planted fault, or null.</summary>
    public string? Plant { get; init; }

    /// <summary>Reads it.</summary>
    public static RoleFile Read(string folder) => HistoryJson.Read<RoleFile>(File.ReadAllText(Path.Combine(folder, Name)));

    /// <summary>Writes it, for nobody but this user: it holds the database's password.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        File.WriteAllText(path, HistoryJson.Text(this));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

/// <summary>Where a silo listens.</summary>
internal sealed record SiloPorts(int Port, int Gateway);
