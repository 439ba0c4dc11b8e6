using AgentBudget.Orleans.PostgreSql.Schema;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Partitions;

/// <summary>
/// What a database must be before it is trusted with money: new enough, durable, a primary, with room for the pool; and the part of the
/// ledger that it is named as.
/// </summary>
internal static class PartitionCheck
{
    private const int OldestVersion = 150_000;

    /// <exception cref="LedgerStoreUnavailableException">It is not; the message names what is wrong and the mend.</exception>
    public static Task StartAsync(PartitionDatabase database, PostgreSqlLedgerOptions options, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await CheckServerAsync(connection, database.Name, options.MaxConnections, token);
                await SchemaUpgrade.RunAsync(connection, PartitionDatabase.Schema, SchemaSteps.Ledger, database.Name, token);
                return true;
            },
            cancellationToken
        );

    /// <summary>Checks that the databases are the partitions of one ledger, in their order; the first start makes them so.</summary>
    public static async Task BelongTogetherAsync(IReadOnlyList<LedgerPartition> partitions, CancellationToken cancellationToken)
    {
        Guid? ledger = null;
        foreach (var partition in partitions)
        {
            var (id, index, count) = await partition.Database.RunAsync(
                (connection, token) => NameAsync(connection, partition.Database.Index, partitions.Count, ledger, token),
                cancellationToken
            );
            if (index != partition.Database.Index || count != partitions.Count)
            {
                throw new LedgerStoreUnavailableException(
                    $"The ledger database {partition.Database.Name} was made as partition {index + 1} of {count}; name all partitions, "
                        + "in the order in which they were made."
                );
            }

            ledger ??= id;
            if (ledger != id)
                throw new LedgerStoreUnavailableException(
                    $"The ledger database {partition.Database.Name} is part of another ledger than the partitions before it; name its own."
                );
        }
    }

    private static async Task CheckServerAsync(
        NpgsqlConnection connection,
        string name,
        int maxConnections,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT current_setting('server_version_num')::integer, current_setting('server_version'), pg_is_in_recovery(),
                current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
                current_setting('server_encoding'),
                current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetInt32(0) < OldestVersion)
            Refuse(name, $"runs PostgreSQL {reader.GetString(1)}; version 15 or later is needed.");
        if (reader.GetBoolean(2))
            Refuse(name, "is a standby; name the primary, or list all hosts so that it is found.");
        if (reader.GetString(3) != "on")
            Refuse(name, "runs with fsync off, so that a crash loses what was acknowledged; turn it on.");
        if (reader.GetString(4) != "on")
            Refuse(name, "runs with full_page_writes off, so that a crash can damage it; turn it on.");
        if (reader.GetString(5) == "off")
            Refuse(
                name,
                "runs with synchronous_commit off, so that a crash loses what was acknowledged; turn it on for this database or its user."
            );
        if (reader.GetString(6) != "UTF8")
            Refuse(name, $"has the encoding {reader.GetString(6)}; make it with ENCODING 'UTF8'.");
        if (reader.GetInt32(7) < maxConnections)
            Refuse(
                name,
                $"takes {reader.GetInt32(7)} connections, fewer than the {maxConnections} of AgentBudget:PostgreSql:MaxConnections; "
                    + "lower that, or raise max_connections there."
            );
    }

    private static async Task<(Guid Ledger, int Index, int Count)> NameAsync(
        NpgsqlConnection connection,
        int index,
        int count,
        Guid? ledger,
        CancellationToken cancellationToken
    )
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO ledger_partition (ledger_id, partition_index, partition_count)
            SELECT coalesce($1, gen_random_uuid()), $2, $3 WHERE NOT EXISTS (SELECT 1 FROM ledger_partition) ON CONFLICT DO NOTHING
            """,
            connection
        );
        insert.Parameters.Add(
            new NpgsqlParameter { Value = (object?)ledger ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }
        );
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = index });
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await using var select = new NpgsqlCommand("SELECT ledger_id, partition_index, partition_count FROM ledger_partition", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2));
    }

    private static void Refuse(string name, string why) => throw new LedgerStoreUnavailableException($"The ledger database {name} {why}");
}
