using AgentBudget.PostgreSql.TestServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentBudget.Benchmarks.PostgreSql;

/// <summary>
/// A PostgreSQL server that syncs to the disk, and a silo with two kinds of budget on it: ours, and a grain whose state is kept by the
/// stock ADO.NET storage of Orleans. Beside them the tables that a user would make.
/// </summary>
internal sealed class PostgreSqlSilo : IAsyncDisposable
{
    /// <summary>The name of the stock storage.</summary>
    public const string StockStorage = "stock";

    private readonly PostgreSqlServer server;
    private readonly IHost host;

    private PostgreSqlSilo(PostgreSqlServer server, IHost host, string userDatabase)
    {
        this.server = server;
        this.host = host;
        UserDatabase = userDatabase;
    }

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The connection string of the database with the user's own tables.</summary>
    public string UserDatabase { get; }

    public static async Task<PostgreSqlSilo> StartAsync()
    {
        // One that is set up for writing: checkpoints far apart, as its own documentation advises. Nothing that weakens durability.
        var server = await PostgreSqlServer.StartNewAsync(
            CancellationToken.None,
            "shared_buffers=1GB",
            "max_wal_size=8GB",
            "checkpoint_timeout=15min"
        );
        var ledger = await server.CreateDatabaseAsync(CancellationToken.None);
        var stock = await server.CreateDatabaseAsync(CancellationToken.None);
        var user = await server.CreateDatabaseAsync(CancellationToken.None);
        await ExecuteAsync(stock, StockSchema.Sql);
        await ExecuteAsync(user, UserBudgets.Schema);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: "benchmark", clusterId: "benchmark");
            silo.AddAgentBudget();
            silo.AddPostgreSqlLedgerStore(options => options.ConnectionStrings = [ledger]);
            silo.AddAdoNetGrainStorage(
                StockStorage,
                options =>
                {
                    options.Invariant = "Npgsql";
                    options.ConnectionString = new NpgsqlConnectionStringBuilder(stock)
                    {
                        MaxPoolSize = UserBudgets.Connections,
                    }.ConnectionString;
                }
            );
        });
        var host = builder.Build();
        await host.StartAsync();
        return new PostgreSqlSilo(server, host, user);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await server.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Constants of this project.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
