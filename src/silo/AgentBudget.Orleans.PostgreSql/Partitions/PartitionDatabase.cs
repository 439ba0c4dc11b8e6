using AgentBudget.Orleans.PostgreSql.Failures;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Partitions;

/// <summary>
/// The database of one partition: its pool, and the rule for trying again. What failed for a reason that may pass is tried again for a
/// bounded time; once that was in vain, calls try once until one succeeds, so that callers are told at once.
/// </summary>
internal sealed class PartitionDatabase : IDisposable
{
    /// <summary>The schema that holds the ledger's tables.</summary>
    public const string Schema = "agentbudget";

    /// <summary>How many connections write at once: while a batch is being made, answered, or written to the disk, the server works at the
    /// other one.</summary>
    public const int WritersAtOnce = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim readPlaces;
    private readonly TimeSpan retryFor;
    private volatile bool isAway;

    public PartitionDatabase(PostgreSqlLedgerOptions options, int index)
    {
        var text = options.ConnectionStrings[index];
        Index = index;
        Name = FormattableString.Invariant(
            $"{ConnectionText.AddressOf(text)} (partition {index + 1} of {options.ConnectionStrings.Count})"
        );
        retryFor = options.RetryFor;
        source = MakeSource(text, options);
        // Connections of the writer, and one for purges and due times; reads wait for each other, never the writer for them.
        readPlaces = new SemaphoreSlim(options.MaxConnections - WritersAtOnce - 1);
    }

    public int Index { get; }

    /// <summary>How messages name it.</summary>
    public string Name { get; }

    /// <summary>Runs work on a connection of the pool, again if it fails for a reason that may pass: it must bear being done
    /// twice.</summary>
    /// <exception cref="LedgerStoreUnavailableException">The database is away.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                var result = await work(connection, cancellationToken);
                isAway = false;
                return result;
            }
            catch (Exception exception) when (PostgreSqlErrors.Explain(exception, Name) is { } failure)
            {
                source.Clear();
                var isInVain = isAway || TimeProvider.System.GetElapsedTime(started) >= retryFor;
                if (!failure.MayPass || isInVain)
                {
                    isAway = failure.MayPass;
                    throw failure.Unavailable;
                }
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Runs a read, when there is a place for one.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await readPlaces.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(read, cancellationToken);
        }
        finally
        {
            readPlaces.Release();
        }
    }

    public void Dispose()
    {
        source.Dispose();
        readPlaces.Dispose();
    }

    private static NpgsqlDataSource MakeSource(string text, PostgreSqlLedgerOptions options)
    {
        var seconds = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);
        var settings = new NpgsqlConnectionStringBuilder(text)
        {
            SearchPath = Schema,
            // Details are sent as the bytes of UTF-8, whatever the connection string says.
            ClientEncoding = "UTF8",
            Encoding = "UTF8",
            Pooling = true,
            MaxPoolSize = options.MaxConnections,
            Timeout = seconds,
            CommandTimeout = seconds,
            CancellationTimeout = 1_000,
            // Statements are prepared by name (Statements.cs). Npgsql's own preparing loses step with the server when the values of the
            // statement that it is about to prepare are refused.
            MaxAutoPrepare = 0,
            // Nothing of the session's state is ever changed, so nothing has to be reset.
            NoResetOnClose = true,
            WriteBufferSize = 64 * 1024,
            ApplicationName = "agentbudget",
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        var isOneHost = !settings.Host!.Contains(',', StringComparison.Ordinal);
        return isOneHost ? builder.Build() : builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
    }
}
