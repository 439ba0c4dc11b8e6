using System.Net;
using AgentBudget.PostgreSql.TestServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Benchmarks.PostgreSql;

/// <summary>Silos of one cluster in this process, over a PostgreSQL server that syncs to the disk.</summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    private readonly PostgreSqlServer server;
    private readonly List<IHost> hosts = [];

    private PostgreSqlCluster(PostgreSqlServer server) => this.server = server;

    public IGrainFactory Grains => hosts[0].Services.GetRequiredService<IGrainFactory>();

    public static async Task<PostgreSqlCluster> StartAsync(int silos, Action<ISiloBuilder>? configure = null)
    {
        var server = await PostgreSqlServer.StartNewAsync(CancellationToken.None, "shared_buffers=1GB", "max_wal_size=8GB");
        var cluster = new PostgreSqlCluster(server);
        var ledger = await server.CreateDatabaseAsync(CancellationToken.None);
        var ports = FreePorts.Find(silos);
        foreach (var port in ports)
        {
            var host = Build(port, new IPEndPoint(IPAddress.Loopback, ports[0]), ledger, configure);
            await host.StartAsync();
            cluster.hosts.Add(host);
        }

        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        await server.DisposeAsync();
    }

    private static IHost Build(int port, IPEndPoint first, string ledger, Action<ISiloBuilder>? configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, first, serviceId: "benchmark", clusterId: "benchmark");
            silo.AddAgentBudget();
            silo.AddPostgreSqlLedgerStore(options => options.ConnectionStrings = [ledger]);
            configure?.Invoke(silo);
        });
        return builder.Build();
    }
}
