using System.Globalization;

namespace AgentBudget.PostgreSql.TestServer;

/// <summary>Finds the programs of PostgreSQL on this machine.</summary>
public static class PostgreSqlBinaries
{
    /// <summary>Names the folder of the programs, where it is not one of the usual.</summary>
    public const string FolderVariable = "AGENTBUDGET_POSTGRESQL_BIN";

    private const int OldestVersion = 15;

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c>, of the newest version there is.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message says what to do.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
            return HasPrograms(named) ? named : throw Missing(named);
        return FindOfDistribution() ?? FindOnPath() ?? throw Missing("/usr/lib/postgresql and PATH");
    }

    private static string? FindOfDistribution()
    {
        const string root = "/usr/lib/postgresql";
        if (!Directory.Exists(root))
            return null;
        return Directory
            .GetDirectories(root)
            .Select(folder =>
                (
                    Folder: Path.Combine(folder, "bin"),
                    Version: int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0
                )
            )
            .Where(found => found.Version >= OldestVersion && HasPrograms(found.Folder))
            .OrderByDescending(found => found.Version)
            .Select(found => found.Folder)
            .FirstOrDefault();
    }

    private static string? FindOnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .FirstOrDefault(folder => folder.Length > 0 && HasPrograms(folder));

    private static bool HasPrograms(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static FileNotFoundException Missing(string where) =>
        new(
            $"There is no PostgreSQL {OldestVersion} or later in {where}; install the package postgresql, or name the folder of its "
                + $"programs in {FolderVariable}."
        );
}
