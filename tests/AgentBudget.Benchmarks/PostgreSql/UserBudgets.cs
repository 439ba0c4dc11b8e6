using Npgsql;
using NpgsqlTypes;

namespace AgentBudget.Benchmarks.PostgreSql;

/// <summary>What a user would write by hand: one statement that checks and inserts, or a row lock; 32 connections.</summary>
internal sealed class UserBudgets : IAsyncDisposable
{
    public const int Connections = 32;

    public const string Schema = """
        CREATE TABLE budget (session_id text PRIMARY KEY, budget bigint NOT NULL, spent bigint NOT NULL) WITH (fillfactor = 50);
        CREATE TABLE charge (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session_id text NOT NULL, key text NOT NULL, amount bigint NOT NULL,
            name text NOT NULL, at timestamptz NOT NULL DEFAULT now(), UNIQUE (session_id, key));
        INSERT INTO budget SELECT 'user-' || i, 1000000000000000, 0 FROM generate_series(0, 999) AS i;
        """;

    private const string OneStatement = """
        WITH fits AS (UPDATE budget SET spent = spent + $2 WHERE session_id = $1 AND spent + $2 <= budget RETURNING session_id)
        INSERT INTO charge (session_id, key, amount, name) SELECT session_id, $3, $2, 'gpt-5' FROM fits
        """;

    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim places = new(Connections);

    public UserBudgets(string connectionString) =>
        source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxPoolSize = Connections,
                MinPoolSize = Connections,
                MaxAutoPrepare = 8,
                AutoPrepareMinUsages = 1,
            }.ConnectionString
        );

    /// <summary>One statement.</summary>
    public Task ChargeAsync(int caller, long number) =>
        WithConnectionAsync(connection => RunAsync(connection, OneStatement, SessionOf(caller, number)));

    /// <summary>All callers on one session, one statement each.</summary>
    public Task ChargeHotAsync(int caller, long number) => WithConnectionAsync(connection => RunAsync(connection, OneStatement, "user-0"));

    /// <summary>All callers on one session: lock its row, look, write.</summary>
    public Task ChargeHotWithRowLockAsync(int caller, long number) =>
        WithConnectionAsync(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var look = new NpgsqlCommand("SELECT spent FROM budget WHERE session_id = 'user-0' FOR UPDATE", connection))
                await look.ExecuteScalarAsync();
            var written = await RunAsync(connection, OneStatement, "user-0");
            await transaction.CommitAsync();
            return written;
        });

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        places.Dispose();
    }

    private static string SessionOf(int caller, long number) => FormattableString.Invariant($"user-{(caller + (number * 7)) % 1_000}");

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, string session)
    {
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = session });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 1_234 });
        command.Parameters.Add(
            new NpgsqlParameter<string> { TypedValue = Guid.CreateVersion7().ToString("N"), NpgsqlDbType = NpgsqlDbType.Text }
        );
        return await command.ExecuteNonQueryAsync();
    }

    private async Task WithConnectionAsync(Func<NpgsqlConnection, Task<int>> charge)
    {
        await places.WaitAsync();
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            if (await charge(connection) != 1)
                throw new InvalidOperationException("The charge was not written.");
        }
        finally
        {
            places.Release();
        }
    }
}
