using AgentBudget.Orleans.PostgreSql.Failures;
using AgentBudget.Orleans.PostgreSql.Schema;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Membership;

/// <summary>The database in which a cluster keeps its membership.</summary>
internal sealed class MembershipDatabase : IDisposable
{
    /// <summary>The schema of its tables, apart from the ledger's and from those of another program that uses Orleans.</summary>
    public const string Schema = "agentbudget_cluster";

    /// <summary>The name under which Orleans knows Npgsql.</summary>
    public const string Invariant = "Npgsql";

    private const int TimeoutSeconds = 5;

    private readonly string name;

    public MembershipDatabase(string connectionString)
    {
        if (ConnectionText.FindProblem(connectionString) is { } problem)
            throw new LedgerStoreUnavailableException($"The connection string of the cluster's membership {problem}");
        name = ConnectionText.AddressOf(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = Schema,
            Pooling = true,
            MaxPoolSize = 8,
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            ApplicationName = "agentbudget-membership",
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        Source = settings.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Brings the schema up to date.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancellationToken);
            await SchemaUpgrade.RunAsync(connection, Schema, SchemaSteps.Membership, name, cancellationToken);
        }
        catch (Exception exception) when (PostgreSqlErrors.Explain(exception, name) is { } failure)
        {
            throw failure.Unavailable;
        }
    }

    public void Dispose() => Source.Dispose();
}
