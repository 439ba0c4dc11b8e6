using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentBudget.Benchmarks.Load;
using AgentBudget.Orleans.PostgreSql;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Storage;
using AgentBudget.PostgreSql.TestServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What the feed costs: durable charges with a row of the feed for each batch and one consumer that follows limit events, against the same
/// silo and store with the row not written and nobody who follows; round by round in turn, medians.
/// </summary>
/// <param name="rounds">Rounds that count, of each; one more warms up.</param>
/// <param name="roundDuration">How long each takes.</param>
/// <param name="writer">Takes what is found.</param>
internal sealed class FeedBenchmark(int rounds, TimeSpan roundDuration, TextWriter writer)
{
    private static readonly EventFilter Limits = new() { Types = ["limit.soft", "limit.hard"] };
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentbudget-feed-");
        await using var server = await PostgreSqlServer.StartNewAsync(CancellationToken.None, "shared_buffers=1GB", "max_wal_size=8GB");
        var database = await server.CreateDatabaseAsync(CancellationToken.None);
        try
        {
            writer.WriteLine("store        callers   with, calls/s   without        ratio (bar 0.9)   read by the consumer");
            await RunAsync("SQLite", silo => AddSqlite(silo, folder.FullName));
            await RunAsync("PostgreSQL", silo => AddPostgreSql(silo, database));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AddSqlite(ISiloBuilder silo, string folder)
    {
        silo.Services.AddSingleton<ILedgerStore>(services => new FeedSwitch(
            ActivatorUtilities.CreateInstance<SqliteLedgerStore>(services)
        ));
        silo.AddSqliteLedgerStore(options => options.Path = folder);
    }

    private static void AddPostgreSql(ISiloBuilder silo, string database)
    {
        silo.Services.AddSingleton<ILedgerStore>(services => new FeedSwitch(
            ActivatorUtilities.CreateInstance<PostgreSqlLedgerStore>(services)
        ));
        silo.AddPostgreSqlLedgerStore(options => options.ConnectionStrings = [database]);
    }

    private async Task RunAsync(string name, Action<ISiloBuilder> addStore)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: "feed", clusterId: "feed");
            silo.AddAgentBudget();
            addStore(silo);
        });
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var sessions = await SessionCalls.OpenAsync(grains);
        foreach (var callers in new[] { 100, 1_000 })
            await RunAsync(name, callers, grains, sessions);
        await host.StopAsync();
    }

    private async Task RunAsync(string name, int callers, IGrainFactory grains, SessionCalls sessions)
    {
        var (with, without, read) = (new List<double>(), new List<double>(), 0L);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var isOn in new[] { true, false })
            {
                Console.Error.WriteLine($"round {round} of {rounds}: {name}, {callers} callers, {(isOn ? "with" : "without")} the feed");
                FeedSwitch.IsOn = isOn;
                using var ending = new CancellationTokenSource();
                var following = isOn ? FollowAsync(grains, ending.Token) : Task.FromResult(0L);
                var result = await ClosedLoop.RunAsync(callers, roundDuration, sessions.ChargeAsync);
                await ending.CancelAsync();
                read += await following;
                if (round > 0)
                    (isOn ? with : without).Add(result.CallsPerSecond);
            }
        }

        FeedSwitch.IsOn = true;
        var (on, off) = (LoadResult.Median(with), LoadResult.Median(without));
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -12} {callers, 7:N0} {on, 15:N0} {off, 9:N0} {on / off, 12:0.000}   {read, 27:N0}"
            )
        );
    }

    private static async Task<long> FollowAsync(IGrainFactory grains, CancellationToken ending)
    {
        var feed = grains.GetGrain<IBudgetEventFeed>(0);
        var cursor = (await feed.RegisterAsync("limits", fromStart: false))[0];
        var began = cursor.Position;
        while (!ending.IsCancellationRequested)
        {
            var page = await feed.ReadAsync(cursor, 1_000, Limits);
            if (page.Through > 0)
                await feed.AcknowledgeAsync("limits", page.Next);
            cursor = page.Next;
            if (!page.HasMore)
                await Task.Delay(PollInterval, TimeProvider.System, CancellationToken.None);
        }

        return cursor.Position - began;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
