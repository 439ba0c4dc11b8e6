using AgentBudget.PostgreSql.TestServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace AgentBudget.Orleans.PostgreSql.Tests.Clusters;

/// <summary>Silos in this process, and callers that send an operation until its outcome is known.</summary>
internal static class TestCluster
{
    /// <summary>Starts a silo on free ports of loopback, with the ledger in PostgreSQL.</summary>
    public static async Task<IHost> StartSiloAsync(
        TestLedger ledger,
        string clusterId,
        Action<ISiloBuilder, int, int> cluster,
        Action<PostgreSqlLedgerOptions>? configure = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "agentbudget"));
            var ports = FreePorts.Find(2);
            cluster(silo, ports[0], ports[1]);
            silo.AddAgentBudget();
            silo.AddPostgreSqlLedgerStore(options =>
            {
                options.ConnectionStrings = [.. ledger.ConnectionStrings];
                configure?.Invoke(options);
            });
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>A silo that is a cluster of its own.</summary>
    public static Task<IHost> StartAloneAsync(TestLedger ledger, string clusterId, Action<PostgreSqlLedgerOptions>? configure = null) =>
        StartSiloAsync(
            ledger,
            clusterId,
            (silo, siloPort, gatewayPort) =>
                silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: "agentbudget", clusterId: clusterId),
            configure
        );

    /// <summary>A session as one host sees it.</summary>
    public static IBudgetSession Session(this IHost host, string sessionId) =>
        host.Services.GetRequiredService<IGrainFactory>().GetGrain<IBudgetSession>(sessionId);

    /// <summary>Options of a session that nothing but its budget limits.</summary>
    public static BudgetSessionOptions Budget(string budget) => new() { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };

    /// <summary>Sends an operation, with the same key, until its outcome is known.</summary>
    public static async Task<SessionAnswer> UntilKnownAsync(Func<Task<SessionAnswer>> send, Action? onUnknown = null)
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await send();
            }
            catch (Exception exception) when (exception is BudgetUnavailableException or TimeoutException)
            {
                onUnknown?.Invoke();
                await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
            }
        }
    }
}
