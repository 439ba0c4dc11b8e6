using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Schema;

/// <summary>
/// Brings a schema up to date when a silo starts. Silos that start together wait for each other at a lock of the database; all steps
/// are one transaction, so a schema is at one version or at another and never between.
/// </summary>
internal static class SchemaUpgrade
{
    // Steps may rewrite large tables.
    private const int TimeoutSeconds = 600;

    // Any number will do, as long as it stays the same: it tells this lock from those of other programs.
    private const long LockKey = 0x6167_656e_7462_6467;

    /// <param name="connection">A connection to the database.</param>
    /// <param name="schema">The schema's name; it is made when it is missing.</param>
    /// <param name="steps">The steps that this code knows.</param>
    /// <param name="database">How messages name the database.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LedgerStoreUnavailableException">The schema was written by a newer version, or is not ours.</exception>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        string schema,
        IReadOnlyList<string> steps,
        string database,
        CancellationToken cancellationToken
    )
    {
        // A user who may not make schemas can run silos on one that is up to date.
        if (await VersionAsync(connection, schema, steps.Count, database, cancellationToken) == steps.Count)
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var version = await VersionAsync(connection, schema, steps.Count, database, cancellationToken);
        if (version == 0)
        {
            await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {schema}", cancellationToken);
            await ExecuteAsync(
                connection,
                $"CREATE TABLE {schema}.schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
                cancellationToken
            );
        }

        await ExecuteAsync(connection, $"SET LOCAL search_path = {schema}", cancellationToken);
        for (; version < steps.Count; version++)
        {
            await ExecuteAsync(connection, steps[version], cancellationToken);
            await ExecuteAsync(connection, $"INSERT INTO {schema}.schema_version (version) VALUES ({version + 1})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> VersionAsync(
        NpgsqlConnection connection,
        string schema,
        int known,
        string database,
        CancellationToken cancellationToken
    )
    {
        // One statement: between two of them another silo can have made the tables, and they would be taken for somebody else's.
        var tables = await ScalarAsync(
            connection,
            "SELECT (CASE WHEN bool_or(tablename = 'schema_version') THEN -1 ELSE count(*) END)::integer FROM pg_tables WHERE "
                + $"schemaname = '{schema}'",
            cancellationToken
        );
        if (tables >= 0)
        {
            return tables == 0
                ? 0
                : throw new LedgerStoreUnavailableException(
                    $"The ledger database {database} has a schema {schema} that is not ours; name another database."
                );
        }

        var version = await ScalarAsync(connection, $"SELECT coalesce(max(version), 0) FROM {schema}.schema_version", cancellationToken);
        return version <= known
            ? version
            : throw new LedgerStoreUnavailableException(
                $"The ledger database {database} has the schema {schema} in version {version}; this version reads up to {known}. Use a "
                    + "newer one."
            );
    }

    // The text of a schema, a step or a number of ours; nothing that comes from outside is put into it.
#pragma warning disable CA2100
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
#pragma warning restore CA2100
}
