using Npgsql;

namespace AgentBudget;

/// <summary>
/// Where a cluster keeps its ledger. Bound to the configuration section <c>AgentBudget:PostgreSql</c> and checked at start.
/// </summary>
public sealed class PostgreSqlLedgerOptions
{
    /// <summary>The most partitions.</summary>
    public const int MaxPartitions = 64;

    /// <summary>
    /// One connection string for each partition: 1 to 64, each a database of its own. A session stands in one of them, told by a hash of
    /// its id and their number, so that neither number nor order may change once there are sessions. Pool size, time-outs and what the
    /// store needs of a connection are set from here, whatever the strings say.
    /// </summary>
    public IList<string> ConnectionStrings { get; set; } = [];

    /// <summary>Connections of one silo to one partition: two that write, one for upkeep, the others for reads. Default 16; 5 to
    /// 200.</summary>
    public int MaxConnections { get; set; } = 16;

    /// <summary>How long one attempt to connect, and one statement, may take. Default 5 seconds; 1 second to 1 minute.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long what failed for reasons that may pass is tried again before callers are told that the ledger is away. Default 3 seconds;
    /// zero to 30 seconds. While a partition is known to be away one attempt is made.
    /// </summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        const string section = "AgentBudget:PostgreSql:";
        if (ConnectionStrings is null)
            throw new ArgumentException(
                $"{section}ConnectionStrings is null; name 1 to {MaxPartitions} databases, one for each partition."
            );
        if (ConnectionStrings.Count is < 1 or > MaxPartitions)
            throw new ArgumentException(
                $"{section}ConnectionStrings has {ConnectionStrings.Count} entries; "
                    + $"name 1 to {MaxPartitions} databases, one for each partition."
            );
        if (MaxConnections is < 5 or > 200)
            throw new ArgumentException($"{section}MaxConnections must be from 5 to 200.");
        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{section}CommandTimeout must be from 1 second to 1 minute.");
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromSeconds(30))
            throw new ArgumentException($"{section}RetryFor must be from zero to 30 seconds.");
        var databases = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < ConnectionStrings.Count; i++)
        {
            if (ConnectionText.FindProblem(ConnectionStrings[i]) is { } problem)
                throw new ArgumentException($"{section}ConnectionStrings:{i} {problem}");
            if (!databases.Add(ConnectionText.AddressOf(ConnectionStrings[i])))
                throw new ArgumentException(
                    $"{section}ConnectionStrings:{i} names the database of an earlier partition; "
                        + $"each partition is a database of its own."
                );
        }
    }
}

/// <summary>What is read from connection strings. Nothing here gives away a password.</summary>
internal static class ConnectionText
{
    /// <summary>What is wrong with a connection string, as the rest of a sentence; null when nothing is.</summary>
    public static string? FindProblem(string? text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(builder.Host))
                return "has no host; write Host=…;Database=…;Username=….";
            return string.IsNullOrWhiteSpace(builder.Database) ? "has no database; write Host=…;Database=…;Username=…." : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The message of the parser may quote a value, and a value may be a password.
            return "is not a connection string that Npgsql reads; write Host=…;Database=…;Username=….";
        }
    }

    /// <summary>Host, port and database.</summary>
    public static string AddressOf(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder(text);
        return FormattableString.Invariant($"{builder.Host}:{builder.Port}/{builder.Database}");
    }
}
