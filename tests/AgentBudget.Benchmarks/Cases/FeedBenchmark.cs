using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentBudget.Benchmarks.Load;
using AgentBudget.Orleans.PostgreSql;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Storage;
using AgentBudget.PostgreSql.TestServer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What the feed costs: durable charges with a row of the feed for each batch and one webhook for limit events, against the same silo and
/// store with the row not written and no endpoint; round by round in turn, medians. The receiver is in this process.
/// </summary>
/// <param name="rounds">Rounds that count, of each; one more warms up.</param>
/// <param name="roundDuration">How long each takes.</param>
/// <param name="writer">Takes what is found.</param>
internal sealed class FeedBenchmark(int rounds, TimeSpan roundDuration, TextWriter writer)
{
    private const string Endpoint = "limits";

    private static readonly string[] Limits = ["limit.soft", "limit.hard"];

    // Of a budget of a million dollars: each session reaches one after some eight hundred charges.
    private static readonly decimal[] SoftLimits = [.. Enumerable.Range(1, 8).Select(each => each * 0.000000001m)];

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentbudget-feed-");
        await using var receiver = await PostReceiver.StartAsync();
        await using var server = await PostgreSqlServer.StartNewAsync(CancellationToken.None, "shared_buffers=1GB", "max_wal_size=8GB");
        var database = await server.CreateDatabaseAsync(CancellationToken.None);
        try
        {
            writer.WriteLine("store        callers   with, calls/s   without        ratio (bar 0.9)   posted to the endpoint");
            await RunAsync("SQLite", silo => AddSqlite(silo, folder.FullName), receiver);
            await RunAsync("PostgreSQL", silo => AddPostgreSql(silo, database), receiver);
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

    private async Task RunAsync(string name, Action<ISiloBuilder> addStore, PostReceiver receiver)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: "feed", clusterId: "feed");
            silo.AddAgentBudget();
            addStore(silo);
            silo.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
            silo.AddAgentBudgetWebhooks(webhooks => webhooks.AllowInsecureAddresses = true);
        });
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var sessions = await SessionCalls.OpenAsync(grains, softLimits: SoftLimits);
        foreach (var callers in new[] { 100, 1_000 })
            await RunAsync(name, callers, grains, sessions, receiver);
        await host.StopAsync();
    }

    private async Task RunAsync(string name, int callers, IGrainFactory grains, SessionCalls sessions, PostReceiver receiver)
    {
        var (with, without, before) = (new List<double>(), new List<double>(), receiver.Received);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var isOn in new[] { true, false })
            {
                Console.Error.WriteLine($"round {round} of {rounds}: {name}, {callers} callers, {(isOn ? "with" : "without")} the feed");
                FeedSwitch.IsOn = isOn;
                if (isOn)
                    await grains
                        .GetGrain<IWebhooks>(0)
                        .SetAsync(
                            new WebhookSettings
                            {
                                Id = Endpoint,
                                Url = receiver.Url,
                                Types = Limits,
                            }
                        );
                var result = await ClosedLoop.RunAsync(callers, roundDuration, sessions.ChargeAsync);
                if (isOn)
                    await grains.GetGrain<IWebhook>(Endpoint).RemoveAsync();
                if (round > 0)
                    (isOn ? with : without).Add(result.CallsPerSecond);
            }
        }

        FeedSwitch.IsOn = true;
        var (on, off) = (LoadResult.Median(with), LoadResult.Median(without));
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -12} {callers, 7:N0} {on, 15:N0} {off, 9:N0} {on / off, 12:0.000}   {receiver.Received - before, 27:N0}"
            )
        );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
